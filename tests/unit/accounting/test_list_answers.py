"""Lists out of answers that the simulated Zoho Books does not give: odd pages, missing lists, thin rows."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import stamina

from bot.domain.lists import Entry, ListKind
from bot.errors import BotError, NotFound, Refused, Unavailable
from tests.unit.accounting.scripted import Answers, ledger

OPTIONAL = {
    ListKind.PROJECTS, ListKind.PRODUCTS, ListKind.LOCATIONS, ListKind.TAX_EXEMPTIONS,
    ListKind.REPORTING_TAGS, ListKind.USERS, ListKind.TRANSACTION_LOCKS,
}  # fmt: skip
READ = [kind for kind in ListKind if kind is not ListKind.PAYMENT_MODES]


async def everything(answers: Answers, kind: ListKind) -> list[Entry]:
    return [entry async for page in ledger(answers).fetch(kind) for entry in page]


async def fault(answers: Answers, kind: ListKind) -> BotError:
    with stamina.set_testing(True, attempts=1), pytest.raises(BotError) as caught:
        await everything(answers, kind)
    return caught.value


def bank_and_chart(request: httpx.Request) -> httpx.Response:
    if request.url.path.endswith("/bankaccounts"):
        rows = [
            {
                "account_id": "1",
                "account_name": "Euro Account",
                "account_type": "bank",
                "currency_code": "EUR",
            }
        ]
        return httpx.Response(200, json={"code": 0, "bankaccounts": rows})
    chart = [
        {"account_id": "1", "account_name": "Euro Account", "account_type": "bank"},
        {"account_id": "2", "account_name": "Petty Cash", "account_type": "cash"},
        {"account_id": "3", "account_name": "Travel", "account_type": "expense"},
    ]
    return httpx.Response(200, json={"code": 0, "chartofaccounts": chart})


async def test_a_bank_account_comes_once_and_keeps_its_currency() -> None:
    """The chart of accounts repeats it without one."""
    found = await everything(bank_and_chart, ListKind.BANK_ACCOUNTS)
    assert [(entry.name, entry.currency) for entry in found] == [("Euro Account", "EUR"), ("Petty Cash", "")]


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("body", [b"<html>nothing here</html>", b'{"code": 5, "message": "Invalid URL"}'])
async def test_only_optional_lists_may_be_missing(kind: ListKind, body: bytes) -> None:
    """S41: a fault of a proxy must not read as “this organisation has no suppliers”."""
    found = await fault(lambda _: httpx.Response(404, content=body), kind)
    if kind in OPTIONAL:
        assert isinstance(found, NotFound)
    else:
        assert isinstance(found, Unavailable)
        assert kind.words in found.says


@pytest.mark.parametrize("kind", READ)
async def test_a_missing_right_is_never_taken_for_a_list_that_is_switched_off(kind: ListKind) -> None:
    answer = {"code": 57, "message": "You are not authorized to perform this operation"}
    found = await fault(lambda _: httpx.Response(400, json=answer), kind)
    assert isinstance(found, Refused)
    assert found.cause == "rights"


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize(
    "body", [{}, {"code": 0}, {"code": 0, "page_context": []}, {"code": 0, "page_context": {}}]
)
async def test_an_answer_without_rows_or_pages_is_an_empty_list(kind: ListKind, body: Any) -> None:
    assert await everything(lambda _: httpx.Response(200, json=body), kind) == []


async def test_rows_that_are_none_are_passed_over() -> None:
    """No id, no name, no row at all."""
    rows = [None, "x", {}, {"tax_id": "1"}, {"tax_name": "T"}, {"tax_id": 460000000026049, "tax_name": "VAT"}]
    answer = {"code": 0, "taxes": rows}
    found = await everything(lambda _: httpx.Response(200, json=answer), ListKind.TAXES)
    assert [(entry.id, entry.name) for entry in found] == [("460000000026049", "VAT")]


async def test_pages_are_read_until_zoho_says_there_are_no_more() -> None:
    asked: list[tuple[str, str]] = []

    def three_pages(request: httpx.Request) -> httpx.Response:
        query = request.url.params
        asked.append((query["page"], query["organization_id"]))
        row = {"currency_id": query["page"], "currency_code": f"C{query['page']}"}
        context = {"has_more_page": query["page"] != "3"}
        return httpx.Response(200, json={"code": 0, "currencies": [row], "page_context": context})

    found = await everything(three_pages, ListKind.CURRENCIES)
    assert [entry.name for entry in found] == ["C1", "C2", "C3"]
    assert asked == [("1", "60001"), ("2", "60001"), ("3", "60001")]


@pytest.mark.parametrize(("status", "active"), [("Active", True), ("Inactive", False), ("active", True)])
async def test_a_status_is_read_in_any_case(status: str, active: bool) -> None:
    row = {"tax_id": "1", "tax_name": "VAT", "status": status}
    found = await everything(lambda _: httpx.Response(200, json={"code": 0, "taxes": [row]}), ListKind.TAXES)
    assert [entry.active for entry in found] == [active]


async def test_an_empty_page_is_the_last_whatever_it_says() -> None:
    """Else a refresh would never end."""
    asked: list[str] = []

    def always_more(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["page"])
        rows = [{"tax_id": "1", "tax_name": "VAT"}] if len(asked) == 1 else []
        return httpx.Response(200, json={"code": 0, "taxes": rows, "page_context": {"has_more_page": True}})

    found = await everything(always_more, ListKind.TAXES)
    assert ([entry.name for entry in found], asked) == (["VAT"], ["1", "2"])
