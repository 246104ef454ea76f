"""`/api/v1/items` over HTTP: who may, how much, what is answered, and that again is harmless."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from typing import Any

import httpx
import pytest
import structlog

from bot.domain.api_keys import KeyRight
from bot.domain.attachments import FileState
from bot.domain.identity import Business, BusinessId, ItemId, WorkspaceId
from bot.domain.items import Hold, ItemStage
from bot.errors import StorageUnavailable
from handlers.routes import items_api
from tests.builders import published
from tests.integration.api.conftest import ITEM, Door, an_app

PDF = base64.b64encode(b"%PDF-1.4").decode()


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """RFC 9457, and nothing that was sent."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert set(found) == {"type", "title", "status", "detail", "errors"}
    assert found["status"] == status
    assert found["detail"].endswith((".", "}"))
    return found


# --- what is answered


async def test_a_new_item_is_created_and_again_it_is_there(door: Door) -> None:
    """C14 C28: 201, then 200 with what is there."""
    first = await door.posts(ITEM)
    again = await door.posts(ITEM | {"total": "1.00"})
    (one,), (same,) = first.json()["items"], again.json()["items"]
    assert (first.status_code, again.status_code) == (201, 200)
    assert one | {"result": "known"} == same
    assert (one["external_id"], one["status"], one["missing"]) == ("e1", "ready", [])


async def test_what_is_missing_is_named(door: Door) -> None:
    """C1: the reason is the missing field."""
    answer = await door.posts({"external_id": "e1", "side": "cost", "type": "invoice"})
    (one,) = answer.json()["items"]
    assert one["status"] == "needs_attention"
    assert {"no supplier", "no category"} <= set(one["missing"])


async def test_an_expense_claim_with_its_lines_is_an_item_and_a_claimed_receipt_waits(door: Door) -> None:
    """C25: each line with its own category; a receipt of a claim elsewhere is not ready by itself."""
    lines = [{"description": "Taxi", "amount": "10.00", "category": "493"}, {"amount": "5.00"}]
    claim = {"external_id": "c1", "side": "cost", "type": "expense_claim", "supplier": "Ada Okafor"}
    receipt = ITEM | {"external_id": "r1", "claimed": True}
    answer = await door.posts({"items": [claim | {"total": "15.00", "line_items": lines}, receipt]})
    one, other = answer.json()["items"]
    assert one["missing"] == ["line 2: no category"]
    assert other["missing"] == ["claimed in Dext: belongs to an expense claim"]
    assert one["status"] == other["status"] == "needs_attention"


async def test_a_batch_has_a_result_for_each_item_in_their_order(door: Door) -> None:
    """One bad item refuses that item and not the others: 207."""
    batch = {"items": [ITEM, {"external_id": "bad", "side": "cost", "type": "invoice", "total": 1.5},
                       ITEM | {"external_id": "e2"}, ITEM]}  # fmt: skip
    answer = await door.posts(batch)
    assert answer.status_code == 207
    items = answer.json()["items"]
    assert [one["result"] for one in items] == ["created", "refused", "created", "known"]
    assert items[1] == {
        "result": "refused",
        "external_id": "bad",
        "errors": [
            {
                "pointer": "/items/1/total",
                "detail": 'Send amounts as text, such as "144.00": JSON numbers lose digits on their way.',
            }
        ],
    }
    whole = await door.posts({"items": [ITEM, ITEM | {"external_id": "e3"}]})
    known = await door.posts({"items": [ITEM]})
    assert (whole.status_code, known.status_code) == (201, 200)


async def test_when_nothing_is_right_nothing_comes_in_and_every_fault_is_named(door: Door) -> None:
    for body, pointers in (
        ({"external_id": "e1", "side": "x"}, {"/side", "/type"}),
        (
            {"items": [{"side": "x"}, 7]},
            {"/items/0/external_id", "/items/0/side", "/items/0/type", "/items/1"},
        ),
        ({"items": []}, {"/items"}),
        ([], set()),
        (b"{", set()),
    ):
        found = problem(await door.posts(body), 400)
        assert {error["pointer"] for error in found["errors"]} == pointers
    assert (await door.inbox.items.page(Business(WorkspaceId("T1"), BusinessId("b1")), None)).total == 0
    assert door.inbox.jobs.queue == []


async def test_an_item_tells_its_state_publication_link_and_files(door: Door) -> None:
    key = await door.key()
    sent = ITEM | {
        "attachments": [{"filename": "a.pdf", "content": PDF}, {"filename": "b.html", "content": PDF}]
    }
    item = ItemId((await door.posts(sent, key)).json()["items"][0]["id"])
    fresh = (await door.gets(item, key)).json()
    assert (fresh["status"], fresh["publication"], fresh["link"]) == ("ready", None, None)
    assert [file["state"] for file in fresh["attachments"]] == ["waiting", "waiting"]

    def done(one: Any) -> Any:
        files = tuple(
            replace(file, state=state, record="7001", says=says)
            for file, state, says in zip(
                one.attachments, (FileState.SENT, FileState.REFUSED), ("", "HTML."), strict=True
            )
        )
        return replace(one, stage=ItemStage.PUBLISHED, published=published(), attachments=files)

    await door.inbox.store.items.change(item, done)
    over = (await door.gets(item, key)).json()
    assert over["status"] == "published"
    assert over["link"] == over["publication"]["link"] == "https://books.example/app#/bills/7001"
    assert over["publication"]["number"] == "NW-1001"
    assert [(file["state"], file["reason"]) for file in over["attachments"]] == [
        ("sent", None), ("refused", "HTML."),
    ]  # fmt: skip
    hold = Hold("refused", "Zoho Books refused it.", "Change it.")
    await door.inbox.store.items.change(item, lambda one: replace(one, stage=ItemStage.FAILED, hold=hold))
    assert (await door.gets(item, key)).json()["reason"] == "Zoho Books refused it. Change it."


async def test_an_item_of_another_business_is_not_there(door: Door) -> None:
    """C26: and a key opens its own business only."""
    key = await door.key()
    other = await door.key(business=Business(WorkspaceId("T2"), BusinessId("b1")))
    item = (await door.posts(ITEM, key)).json()["items"][0]["id"]
    problem(await door.gets(item, other), 404)
    problem(await door.gets("nonsense", key), 404)
    theirs = (await door.posts(ITEM, other)).json()["items"][0]
    assert theirs["result"] == "created"
    assert theirs["id"] != item


# --- who may


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic abc", "Bearer nonsense", "Bearer dxt_T1_b1_abcdefgh_" + "a" * 52],
)
async def test_without_a_key_that_is_known_nothing_is_read_or_written(door: Door, header: str) -> None:
    found = await door.posts(ITEM, Authorization=header)
    assert problem(found, 401)["detail"]
    assert found.headers["WWW-Authenticate"].startswith("Bearer")
    problem(await door.http.get("/api/v1/items/x", headers={"Authorization": header}), 401)
    assert door.inbox.jobs.queue == []


async def test_a_withdrawn_key_opens_nothing(door: Door) -> None:
    key = await door.key()
    assert (await door.posts(ITEM, key)).status_code == 201
    business = Business(WorkspaceId("T1"), BusinessId("b1"))
    (made,) = await door.keys.all(business)
    await door.keys.withdraw(business, made.made_by, made.id)
    problem(await door.posts(ITEM, key), 401)


async def test_a_key_that_only_reads_may_not_add(door: Door) -> None:
    key, reader = await door.key(), await door.key(KeyRight.READ)
    item = (await door.posts(ITEM, key)).json()["items"][0]["id"]
    problem(await door.posts(ITEM | {"external_id": "e2"}, reader), 403)
    assert (await door.gets(item, reader)).status_code == 200


async def test_too_many_calls_are_told_when_the_next_one_fits(door: Door) -> None:
    """Counted in Redis: another process counts on."""
    few = replace(door.keys, calls_a_minute=3)
    key = await door.key()
    doors = [replace(door, http=httpx.AsyncClient(
        transport=httpx.ASGITransport(app=an_app(door.inbox, few)), base_url="https://bot.example"
    )) for _ in range(2)]  # fmt: skip
    answers = await asyncio.gather(*(doors[n % 2].posts(ITEM, key) for n in range(8)))
    assert sorted(one.status_code for one in answers)[3:] == [429] * 5
    refused = next(one for one in answers if one.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    problem(refused, 429)
    for one in doors:
        await one.http.aclose()


# --- how much, and in which form


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xml", "multipart/form-data; boundary=x"])
async def test_another_media_type_is_refused(door: Door, kind: str) -> None:
    problem(await door.posts(ITEM, Content_Type=kind), 415)


async def test_a_compressed_body_is_refused(door: Door) -> None:
    problem(await door.posts(ITEM, Content_Encoding="gzip"), 415)


async def test_json_with_its_character_set_is_taken(door: Door) -> None:
    assert (await door.posts(ITEM, Content_Type="application/json; charset=utf-8")).status_code == 201


async def test_a_body_that_is_too_large_is_refused_announced_or_not(door: Door, mocker) -> None:
    mocker.patch.object(items_api, "LARGEST_BODY", 2_000)
    mocker.patch.object(items_api, "DRAINED", 4_000)
    key = await door.key()
    problem(await door.posts(b" " * 2_001, key), 413)
    problem(await door.posts(b" " * 5_000, key), 413)

    async def unannounced() -> Any:
        for _ in range(100):
            yield b" " * 100

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    answer = await door.http.post("/api/v1/items", content=unannounced(), headers=headers)
    problem(answer, 413)


async def test_a_body_that_never_ends_is_given_up(door: Door, mocker) -> None:
    """A sender that stands still keeps nobody waiting."""
    mocker.patch.object(items_api, "READ_SECONDS", 0.1)
    key = await door.key()

    async def slowly() -> Any:
        yield b"{"
        await asyncio.sleep(2)

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    problem(await door.http.post("/api/v1/items", content=slowly(), headers=headers), 408)
    assert (await door.posts(ITEM, key)).status_code == 201


async def test_a_large_body_is_taken_apart_beside_the_event_loop(door: Door, mocker) -> None:
    """Nothing blocks: other requests are answered meanwhile."""
    beside = mocker.spy(asyncio, "to_thread")
    content = base64.b64encode(bytes(400_000)).decode()
    await door.posts(ITEM | {"attachments": [{"filename": "a.pdf", "content": content}]})
    assert "read" in [call.args[0].__name__ for call in beside.call_args_list]


async def test_500_items_are_answered_within_seconds(door: Door) -> None:
    """C4."""
    async with asyncio.timeout(20):
        answer = await door.posts({"items": [ITEM | {"external_id": f"e{n}"} for n in range(500)]})
    assert answer.status_code == 201
    assert len(answer.json()["items"]) == 500
    problem(await door.posts({"items": [ITEM] * 501}), 400)


# --- again


async def test_the_same_idempotency_key_is_answered_the_same_and_does_nothing(door: Door) -> None:
    """C3: 7 days, also for a batch with a bad item, also after the item was changed."""
    key, batch = await door.key(), {"items": [ITEM, {"external_id": "bad"}]}
    first = await door.posts(batch, key, Idempotency_Key="k1")
    await door.inbox.store.items.change(
        ItemId(first.json()["items"][0]["id"]), lambda one: replace(one, stage=ItemStage.REJECTED)
    )
    again = await door.posts(batch, key, Idempotency_Key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert len(door.inbox.jobs.named("items_arrived")) == 1
    found = problem(await door.posts(ITEM, key, Idempotency_Key="k1"), 409)
    assert "another body" in found["detail"]
    assert (await door.posts(ITEM, await door.key(), Idempotency_Key="k1")).status_code == 200


async def test_of_many_at_once_with_one_idempotency_key_one_does_the_work(door: Door) -> None:
    """C3: who comes while the first is running waits for its answer."""
    key = await door.key()
    answers = await asyncio.gather(*(door.posts(ITEM, key, Idempotency_Key="k1") for _ in range(10)))
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert len(door.inbox.jobs.named("items_arrived")) == 1


async def test_what_was_refused_may_be_sent_corrected_under_the_same_key(door: Door) -> None:
    key = await door.key()
    problem(await door.posts({"external_id": "e1"}, key, Idempotency_Key="k1"), 400)
    assert (await door.posts(ITEM, key, Idempotency_Key="k1")).status_code == 201


@pytest.mark.parametrize("idempotency_key", ["", " ", "x" * 256, "with space"])
async def test_an_idempotency_key_that_is_none_is_refused(door: Door, idempotency_key: str) -> None:
    problem(await door.posts(ITEM, Idempotency_Key=idempotency_key), 400)


# --- faults


async def test_a_storage_that_does_not_answer_is_said_with_when_to_try_again(door: Door, mocker) -> None:
    key = await door.key()
    mocker.patch.object(door.inbox.jobs, "enqueue", side_effect=StorageUnavailable("down"))
    answer = await door.posts(ITEM, key, Idempotency_Key="k1")
    problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"
    mocker.stopall()
    assert (await door.posts(ITEM, key, Idempotency_Key="k1")).status_code == 201


async def test_what_nobody_foresaw_has_a_reference_and_no_inside(door: Door, mocker) -> None:
    mocker.patch.object(door.inbox.jobs, "enqueue", side_effect=KeyError("secret inside"))
    with structlog.testing.capture_logs() as logs:
        found = problem(await door.posts(ITEM), 500)
    assert "secret inside" not in str(found)
    (line,) = [one for one in logs if one["event"] == "unforeseen"]
    assert line["reference"] in found["detail"]
    assert "dxt_" not in str(logs)
