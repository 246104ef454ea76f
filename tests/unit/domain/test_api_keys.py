"""Keys of the item API: what is sent, and how little of it is kept."""

from __future__ import annotations

import pytest

from bot.domain.api_keys import ApiKey, Token, hashed
from bot.domain.identity import Business, BusinessId, WorkspaceId
from tests.builders import ADA, NOON

OF = Business(WorkspaceId("T0HELD1"), BusinessId("b1"))


def test_a_token_names_its_business_and_reads_back() -> None:
    token = Token.new(OF)
    assert str(token).startswith("dxt_T0HELD1_b1_")
    assert Token.parse(str(token)) == token
    assert len(token.secret) * 5 >= 256


def test_a_secret_shows_in_no_representation_and_is_not_kept() -> None:
    token = Token.new(OF)
    key = ApiKey(token.id, "Zapier", hashed(token.secret), token.secret[-4:], ADA, NOON)
    assert token.secret not in repr(token)
    assert token.secret not in repr(key)
    assert key.fits(token.secret)
    assert not key.fits(Token.new(OF).secret)
    assert not key.fits("")


def test_no_two_tokens_are_alike() -> None:
    assert len({str(Token.new(OF)) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "text",
    [
        "", "dxt_", "dxt_T1_b1", "dxt_T1_b1_abcdefgh_short", "xoxb-1", "dxt_T1:b2_b1_abcdefgh_" + "a" * 52,
        "dxt_T{1_b1_abcdefgh_" + "a" * 52, "dxt_T1_b1_abcdefgh_" + "a" * 53, "dxt_T1_b1_ABCDEFGH_" + "a" * 52,
        "dxt_T1_b1_abcdefgh_" + "a" * 52 + "\n",
    ],
)  # fmt: skip
def test_what_is_no_key_is_no_key(text: str) -> None:
    """C26: nothing that reaches the name of another business's keys."""
    assert Token.parse(text) is None
