"""What Zoho Books answers when it does not do as asked, and what we make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import AnswerLost, RateLimited, Refused, Unavailable
from bot.sandbox.zoho_books.books import Trouble
from tests.integration.zoho_client.conftest import Bench

DAY = {"X-Rate-Limit-Limit": "1000", "X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "19778"}


@pytest.mark.parametrize(
    ("code", "headers", "seconds"),
    [
        (43, {"Retry-After": "1800"}, 1800),
        (43, {}, 3600),
        (44, {}, 60),
        (44, {"Retry-After": "20"}, 20),
        (44, {"Retry-After": "soon"}, 60),
        (45, DAY, 19778),
        (45, {}, None),
        (1070, {}, 2),
        (7777, {}, 60),
    ],
)
async def test_each_kind_of_too_many_waits_as_it_should(bench: Bench, code: int, headers, seconds) -> None:
    """S47: on a rate limit every process waits, and goes on."""
    await bench.connects()
    bench.books.troubles.append(Trouble(429, code, "Too many.", path="/contacts", headers=headers))
    with pytest.raises(RateLimited) as caught:
        await bench.ledger().find_supplier("Acme")
    if seconds is not None:
        assert caught.value.retry_after_seconds == seconds
    assert (caught.value.status, caught.value.code, caught.value.message) == (429, str(code), "Too many.")
    assert bench.budget.blocked == [(caught.value.retry_after_seconds, str(code))]
    assert len(bench.books.calls) == 1


async def test_a_write_that_was_too_many_was_not_made(bench: Bench) -> None:
    await bench.connects()
    bench.books.troubles.append(Trouble(429, 44, "Too many.", path="/contacts"))
    with pytest.raises(RateLimited):
        await bench.ledger().create_supplier("Old Mill Hosting", "")
    assert bench.held_out.find("contacts", "contact_name", "Old Mill Hosting") is None


async def test_the_days_quota_is_learnt_from_every_answer(bench: Bench) -> None:
    await bench.connects()
    bench.held_out.day_limit = 500
    await bench.ledger().find_supplier("Acme")
    await bench.ledger().find_supplier("Acme")
    assert [(limit, left) for limit, left, _ in bench.budget.learnt] == [(500, 499), (500, 498)]
    assert 0 < bench.budget.learnt[0][2] <= 86_400


async def test_a_fault_of_theirs_is_tried_again_when_reading(bench: Bench) -> None:
    await bench.connects()
    bench.books.troubles.append(Trouble(500, 1000, times=2))
    assert len(await bench.ledger("").organisations()) == 2
    assert [call.status for call in bench.books.calls] == [500, 500, 200]


async def test_a_fault_of_theirs_that_stays_is_unavailable(bench: Bench) -> None:
    await bench.connects()
    bench.books.troubles.append(Trouble(503, 1000, times=99))
    with pytest.raises(Unavailable, match="status 503") as caught:
        await bench.ledger("").organisations()
    assert (caught.value.status, caught.value.code) == (503, "1000")
    assert len(bench.books.calls) == 3


async def test_an_answer_cut_off_while_reading_is_tried_again(bench: Bench) -> None:
    await bench.connects()
    bench.books.troubles.append(Trouble(after_write=True, path="/organizations"))
    assert len(await bench.ledger("").organisations()) == 2


async def test_a_fault_on_a_write_may_have_got_through(bench: Bench) -> None:
    """C3: a status 500 says nothing of whether the record was made; it is sent once only."""
    await bench.connects()
    bench.books.troubles.append(Trouble(500, 1000, path="/contacts", times=9))
    with pytest.raises(AnswerLost) as caught:
        await bench.ledger().create_supplier("Old Mill Hosting", "")
    assert caught.value.status == 500
    assert len(bench.books.calls) == 1


async def test_nobody_listening_is_unavailable_for_a_write_too(bench: Bench) -> None:
    """C3: what was never sent need not be looked up."""
    await bench.connects()
    await bench.server.stop()
    with pytest.raises(Unavailable):
        await bench.ledger().create_supplier("Old Mill Hosting", "")
    with pytest.raises(Unavailable, match="does not answer"):
        await bench.ledger("").organisations()


async def test_every_call_is_urgent_unless_the_budget_is_one_of_background_work(bench: Bench) -> None:
    """S46: a person waits for a publication, and for what is looked up before it."""
    await bench.connects()
    await bench.ledger().find_supplier("Acme")
    await bench.ledger().create_supplier("Old Mill Hosting", "")
    assert bench.budget.calls == [True, True]


async def test_an_organisation_the_person_has_left_is_refused(bench: Bench) -> None:
    await bench.connects()
    with pytest.raises(Refused) as caught:
        await bench.ledger("60003").find_supplier("Acme")
    assert (caught.value.cause, caught.value.code) == ("organisation", "6041")


async def test_errors_show_no_token(bench: Bench) -> None:
    """S12: tokens never appear in Slack or logs."""
    credentials = await bench.connects()
    bench.tokens.credentials = replace(credentials, api_url="http://127.0.0.1:1")
    with pytest.raises(Unavailable) as caught:
        await bench.ledger("").organisations()
    assert credentials.access_token not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
