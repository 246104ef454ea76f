"""Which addresses are told a client secret or a token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.accounting.zoho_books.hosts import DATA_CENTRES, books_address, trusted

SANDBOX = frozenset({"127.0.0.1:9411", "[::1]:9411", "zoho.internal:80", "zoho.internal:443"})
CENTRES = [pytest.param(centre, id=name) for name, centre in DATA_CENTRES.items()]


@pytest.mark.parametrize("centre", CENTRES)
def test_every_data_centres_own_hosts_are_trusted_over_https(centre) -> None:
    """S10: the sign-in's own answer says which data centre it was."""
    for host in (centre.accounts, centre.api):
        assert trusted(f"https://{host}", frozenset()) == f"https://{host}"
        assert trusted(f"http://{host}", frozenset()) is None
    assert books_address(f"https://{centre.api}") == f"https://{centre.books}"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://accounts.zoho.com/", "https://accounts.zoho.com"),
        ("https://accounts.zoho.com:443", "https://accounts.zoho.com"),
        ("HTTPS://Accounts.ZOHO.com", "https://accounts.zoho.com"),
        ("https://www.zohoapis.eu/books/v3?x=1#y", "https://www.zohoapis.eu"),
        ("http://127.0.0.1:9411", "http://127.0.0.1:9411"),
        ("https://127.0.0.1:9411/oauth", "https://127.0.0.1:9411"),
        ("http://[::1]:9411", "http://[::1]:9411"),
        ("http://zoho.internal", "http://zoho.internal"),
        ("https://ZOHO.internal", "https://zoho.internal"),
    ],
)
def test_an_address_of_the_table_is_reduced_to_its_origin(address: str, origin: str) -> None:
    assert trusted(address, SANDBOX) == origin


@pytest.mark.parametrize(
    "address",
    [
        "",
        "accounts.zoho.com",
        "//accounts.zoho.com",
        "ftp://accounts.zoho.com",
        "https://",
        "https:///oauth/v2",
        "https://accounts.zoho.com@evil.example",
        "https://accounts.zoho.com:pass@evil.example",
        "https://evil.example@accounts.zoho.com",
        "https://:@accounts.zoho.com",
        "https://@accounts.zoho.com",
        "https://evil.example#@accounts.zoho.com",
        "https://evil.example/@accounts.zoho.com",
        "https://evil.example?accounts.zoho.com",
        "https://evil.example\\@accounts.zoho.com",
        "https://accounts.zoho.com\\.evil.example",
        "https://accounts.zoho.com:8443",
        "https://accounts.zoho.com:80",
        "https://accounts.zoho.com:0443x",
        "https://accounts.zoho.com:99999",
        "https://accounts.zoho.com.evil.example",
        "https://evil.accounts.zoho.com",
        "https://zoho.com",
        "https://accounts.zoho.com.",
        "https://accounts-zoho.com",
        "https://xaccounts.zoho.com",
        "https://accounts.zoho.ru",
        "https://books.zoho.com",
        "https://accounts.zoh\u043e.com",
        "https://accounts\uff0ezoho\uff0ecom",
        "https://accounts.zoho\u3002com",
        "https://accounts.zoho.com\u200b",
        "https://accounts.zoho.com\r\nHost: evil.example",
        "https://accounts .zoho.com",
        " https://accounts.zoho.com",
        "https://accounts.zoho.com\t",
        "https://[accounts.zoho.com",
        "https://%61ccounts.zoho.com",
        "http://127.0.0.1:9412",
        "http://127.0.0.1",
        "http://user@127.0.0.1:9411",
        "http://127.0.0.1.evil.example:9411",
        "http://localhost:9411",
        "http://zoho.internal:8080",
        "ws://127.0.0.1:9411",
    ],
)
def test_anything_else_is_told_nothing(address: str) -> None:
    assert trusted(address, SANDBOX) is None


def test_extra_hosts_are_trusted_only_while_they_are_named() -> None:
    assert trusted("http://127.0.0.1:9411", frozenset()) is None


@given(st.text(), st.sampled_from(["https://accounts.zoho.com", "http://127.0.0.1:9411", "https://", ""]))
def test_whatever_the_text_only_known_origins_come_out(text: str, before: str) -> None:
    known: set[str | None] = {
        f"https://{host}" for one in DATA_CENTRES.values() for host in (one.accounts, one.api)
    }
    known |= {f"{scheme}://{host}" for scheme in ("http", "https") for host in SANDBOX}
    known |= {"http://zoho.internal", "https://zoho.internal", None}
    for address in (before + text, text + before):
        assert trusted(address, SANDBOX) in known


def test_people_look_at_other_hosts_records_at_the_api_itself() -> None:
    assert books_address("http://127.0.0.1:9411") == "http://127.0.0.1:9411"
