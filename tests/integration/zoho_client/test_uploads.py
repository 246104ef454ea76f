"""Uploads: sent once, byte for byte, their answers told apart as those of any write."""

from __future__ import annotations

import pytest

from bot.domain.items import PublishAs
from bot.domain.publication import Upload
from bot.errors import AnswerLost, RateLimited, ReconnectNeeded, Refused
from bot.sandbox.zoho_books.books import Trouble
from tests.integration.zoho_client.conftest import HELD_OUT, Bench

CONTENT = bytes(range(256)) * 1000 + b"\r\n--boundary\r\n"


async def a_bill(bench: Bench) -> Upload:
    """A bill in the books, and a file for it."""
    await bench.connects()
    bench.held_out.rows["bills"].append({"bill_id": "7001", "bill_number": "NW-1", "reference_number": "R"})
    return Upload(PublishAs.BILL, "7001", "a.pdf", "application/pdf", CONTENT)


async def test_every_byte_arrives(bench: Bench) -> None:
    """C14."""
    upload = await a_bill(bench)
    await bench.ledger().attach(upload)
    assert list(bench.books.files.values()) == [CONTENT]
    call = bench.books.calls[-1]
    assert (call.path, call.query) == ("/bills/7001/attachment", {"organization_id": HELD_OUT})
    assert call.body == {"attachment": {"name": "a.pdf", "type": "application/pdf", "bytes": len(CONTENT)}}
    assert bench.budget.calls[-1] is True


async def test_an_answer_that_never_came_is_said_and_not_sent_again(bench: Bench) -> None:
    """C14: appending twice makes two."""
    upload = await a_bill(bench)
    bench.books.troubles.append(Trouble(path="/attachment", after_write=True))
    with pytest.raises(AnswerLost):
        await bench.ledger().attach(upload)
    assert len(bench.books.files) == 1
    assert await bench.ledger().has_attached(upload)


@pytest.mark.parametrize(
    ("trouble", "fault"),
    [
        (Trouble(status=500, path="/attachment"), AnswerLost),
        (Trouble(status=429, code=44, path="/attachment"), RateLimited),
        (Trouble(status=400, code=4, message="Not so.", path="/attachment"), Refused),
    ],
)
async def test_a_fault_is_told_as_for_any_write(
    bench: Bench, trouble: Trouble, fault: type[Exception]
) -> None:
    upload = await a_bill(bench)
    bench.books.troubles.append(trouble)
    with pytest.raises(fault):
        await bench.ledger().attach(upload)
    assert bench.books.files == {}


async def test_a_token_that_ended_is_renewed_and_the_file_sent_whole(bench: Bench) -> None:
    """S12."""
    upload = await a_bill(bench)
    bench.books.expire_access_tokens()
    await bench.ledger().attach(upload)
    assert list(bench.books.files.values()) == [CONTENT]
    bench.books.withdraw_consent()
    with pytest.raises(ReconnectNeeded):
        await bench.ledger().attach(upload)
