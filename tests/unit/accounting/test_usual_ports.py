"""An address without a port means its scheme's usual one, in ZOHO_EXTRA_HOSTS too."""

from __future__ import annotations

import pytest

from bot.accounting.zoho_books.hosts import trusted


@pytest.mark.parametrize(
    ("named", "address", "is_trusted"),
    [
        ("zoho.internal:80", "http://zoho.internal", True),
        ("zoho.internal:80", "https://zoho.internal", False),
        ("zoho.internal:443", "https://zoho.internal", True),
        ("zoho.internal:443", "http://zoho.internal", False),
        ("zoho.internal:443", "http://zoho.internal:443", True),
    ],
)
def test_a_missing_port_is_the_schemes_own(named: str, address: str, is_trusted: bool) -> None:
    """S10."""
    assert (trusted(address, frozenset({named})) == address) is is_trusted
