"""Zoho's data centres, and which addresses may be told a secret.

https://www.zoho.com/books/api/v3/introduction/#multiple-data-centers
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import urlsplit

API_PATH = "/books/v3"


@dataclass(frozen=True, slots=True)
class DataCentre:
    """One of Zoho's data centres: hosts for sign-in, for the API, and for people."""

    accounts: str
    api: str
    books: str
    name: str


DATA_CENTRES = {
    "us": DataCentre("accounts.zoho.com", "www.zohoapis.com", "books.zoho.com", "United States"),
    "eu": DataCentre("accounts.zoho.eu", "www.zohoapis.eu", "books.zoho.eu", "Europe"),
    "in": DataCentre("accounts.zoho.in", "www.zohoapis.in", "books.zoho.in", "India"),
    "au": DataCentre("accounts.zoho.com.au", "www.zohoapis.com.au", "books.zoho.com.au", "Australia"),
    "jp": DataCentre("accounts.zoho.jp", "www.zohoapis.jp", "books.zoho.jp", "Japan"),
    "ca": DataCentre("accounts.zohocloud.ca", "www.zohoapis.ca", "books.zohocloud.ca", "Canada"),
    "sa": DataCentre("accounts.zoho.sa", "www.zohoapis.sa", "books.zoho.sa", "Saudi Arabia"),
    "cn": DataCentre("accounts.zoho.com.cn", "www.zohoapis.com.cn", "books.zoho.com.cn", "China"),
    "uk": DataCentre("accounts.zoho.uk", "www.zohoapis.uk", "books.zoho.uk", "United Kingdom"),
    "ae": DataCentre("accounts.zoho.ae", "www.zohoapis.ae", "books.zoho.ae", "United Arab Emirates"),
}
_HOSTS = {host for centre in DATA_CENTRES.values() for host in (centre.accounts, centre.api)}


def trusted(address: str, extra_hosts: AbstractSet[str]) -> str | None:
    """The origin (`scheme://host[:port]`) of an address that may be told a secret, else nothing.

    Zoho's own data centres over https at the usual port; besides them exactly the `host:port` pairs of
    ZOHO_EXTRA_HOSTS, over http or https.
    """
    if not address.isascii() or any(mark in address for mark in "\\ \t\r\n"):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if not host or parts.username is not None or parts.password is not None:
        return None
    if parts.scheme == "https" and port in (None, 443) and host in _HOSTS:
        return f"https://{host}"
    if parts.scheme in ("http", "https") and _with_port(parts.scheme, host, port) in extra_hosts:
        return f"{parts.scheme}://{parts.netloc.lower()}"
    return None


def _with_port(scheme: str, host: str, port: int | None) -> str:
    bracketed = f"[{host}]" if ":" in host else host
    return f"{bracketed}:{port or (443 if scheme == 'https' else 80)}"


def books_address(api_url: str) -> str:
    """Where people look at records: Zoho Books of the same data centre; elsewhere the API's own origin."""
    for centre in DATA_CENTRES.values():
        if api_url == f"https://{centre.api}":
            return f"https://{centre.books}"
    return api_url


def accounts_of(place: str) -> str:
    """The sign-in server of a data centre; empty for a place that is none."""
    return f"https://{DATA_CENTRES[place].accounts}" if place in DATA_CENTRES else ""


def is_zoho(accounts: str) -> bool:
    """Whether a sign-in server is one of Zoho's own."""
    return any(accounts == f"https://{centre.accounts}" for centre in DATA_CENTRES.values())


def api_of(accounts: str) -> str:
    """The API's origin in the data centre of a sign-in server, where the token answer does not name it."""
    for centre in DATA_CENTRES.values():
        if accounts == f"https://{centre.accounts}":
            return f"https://{centre.api}"
    return accounts
