"""What every accounting software promises: bot/ports, kept against its own simulation."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from decimal import Decimal
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from bot.accounting import on_offer
from bot.config import Settings
from bot.domain.attachments import tidy
from bot.domain.coding import Coding, Layer, Value
from bot.domain.connection import Credentials, Organisation
from bot.domain.identity import EntryId
from bot.domain.items import Field, PublishAs, Side
from bot.domain.kinds import OFFERED
from bot.domain.lists import Entry, EntryUse, ListKind
from bot.domain.publication import Record, Upload, differences
from bot.errors import NotFound, ReconnectNeeded, Refused, SignInFailed
from bot.ports import AccountingSoftware, Ledger
from tests.builders import NOON
from tests.integration.zoho_client.conftest import RETURN_TO, Bench

REFERENCE = "DXT-CONTRACT1"
ALWAYS = {ListKind.CATEGORIES, ListKind.TAXES, ListKind.SUPPLIERS, ListKind.CUSTOMERS, ListKind.CURRENCIES}


class Simulated(Protocol):
    """A software in front of its simulation, signed in as somebody with an organisation."""

    software: AccountingSoftware
    credentials: Credentials
    organisation: Organisation

    def ledger(self, organisation: str = "") -> Ledger: ...


class ZohoBooksSimulated:
    software: AccountingSoftware

    def __init__(self, bench: Bench, credentials: Credentials, organisation: Organisation) -> None:
        self.software, self.credentials, self.organisation = bench.software(), credentials, organisation
        self._bench = bench

    def ledger(self, organisation: str = "") -> Ledger:
        return self._bench.ledger(organisation or self.organisation.id)


@asynccontextmanager
async def zoho_books() -> AsyncIterator[Simulated]:
    async with httpx.AsyncClient(trust_env=False) as http:
        bench = Bench(http)
        await bench.server.start()
        try:
            credentials = await bench.connects()
            organisation = (await bench.ledger("").organisations())[0]
            yield ZohoBooksSimulated(bench, credentials, organisation)
        finally:
            await bench.server.stop()


SIMULATIONS: dict[str, Callable[[], AbstractAsyncContextManager[Simulated]]] = {"zoho-books": zoho_books}
"""How each software is reached in tests, by its slug."""


@pytest.fixture
def offered() -> Mapping[str, AccountingSoftware]:
    """The list in bot/accounting/__init__.py."""
    settings = Settings(
        zoho_client_id="id",
        zoho_client_secret=SecretStr("secret"),
        slack_signing_secret=SecretStr("s"),
        slack_bot_token=SecretStr("xoxb-1"),
    )
    return on_offer(settings, httpx.AsyncClient(), lambda: NOON)


@pytest.fixture(params=SIMULATIONS)
def software(request: pytest.FixtureRequest, offered: Mapping[str, AccountingSoftware]) -> AccountingSoftware:
    return offered[request.param]


@pytest.fixture(params=SIMULATIONS)
async def simulated(request: pytest.FixtureRequest) -> AsyncIterator[Simulated]:
    async with SIMULATIONS[request.param]() as found:
        yield found


async def entries(ledger: Ledger, kind: ListKind) -> list[Entry]:
    return [entry async for page in ledger.fetch(kind) for entry in page]


async def a_record(simulated: Simulated, kind: PublishAs, total: str = "144.00") -> Record:
    """A record made of the simulation's own lists."""
    ledger = simulated.ledger()
    categories = await entries(ledger, ListKind.CATEGORIES)
    is_sale = kind in OFFERED[Side.SALE]
    use = EntryUse.SALE if is_sale else EntryUse.COST
    values = {
        Field.CATEGORY: next(one for one in categories if one.use is use and one.active),
        Field.TAX: (await entries(ledger, ListKind.TAXES))[0],
        Field.PAYMENT_ACCOUNT: (await entries(ledger, ListKind.BANK_ACCOUNTS))[0],
    }
    texts = {Field.DOCUMENT_NUMBER: "NW/10 01", Field.DESCRIPTION: 'Paper & "pens" — 株式 \\u0041'}
    coding = Coding(
        {name: Value(entry.name, Layer.DOCUMENT, entry) for name, entry in values.items()}
        | {name: Value(text, Layer.DOCUMENT) for name, text in texts.items()},
        publish_as=kind,
        date=dt.date(2026, 3, 3),
        due_date=dt.date(2026, 4, 2) if kind in (PublishAs.BILL, PublishAs.INVOICE) else None,
        total=Decimal(total),
        tax_amount=None,
        currency=simulated.organisation.currency,
    )
    parties = ListKind.CUSTOMERS if is_sale else ListKind.SUPPLIERS
    party = next(one for one in await entries(ledger, parties) if one.active)
    currencies = {one.name: one.id for one in await entries(ledger, ListKind.CURRENCIES)}
    return simulated.software.record(coding, party, simulated.organisation, currencies, REFERENCE)


def test_every_software_on_offer_is_tested_here(offered: Mapping[str, AccountingSoftware]) -> None:
    assert set(SIMULATIONS) == set(offered)
    assert all(software.slug == slug for slug, software in offered.items())


def test_a_software_says_what_it_is(software: AccountingSoftware) -> None:
    """S10: the list of softwares shows it, addresses are made of its slug."""
    assert software.slug.replace("-", "").isalnum()
    assert software.slug == software.slug.lower()
    assert all((software.name, software.summary, software.rights))
    assert set(software.lists) >= ALWAYS
    assert len(set(software.lists)) == len(software.lists)


def test_the_sign_in_goes_out_and_returns_over_an_address_of_ours(software: AccountingSoftware) -> None:
    """S11."""
    address = urlsplit(software.sign_in_url("the state&", RETURN_TO))
    asked = parse_qs(address.query)
    assert (address.scheme, asked["state"], asked["redirect_uri"]) == ("https", ["the state&"], [RETURN_TO])
    assert "secret" not in address.query


@pytest.mark.parametrize("callback", [{}, {"error": "access_denied"}, {"error": "x" * 4000, "code": "c"}])
async def test_a_return_without_consent_is_a_sentence(
    software: AccountingSoftware, callback: dict[str, str]
) -> None:
    """S12."""
    with pytest.raises(SignInFailed) as caught:
        await software.exchange(callback, RETURN_TO)
    assert caught.value.says.endswith(".")
    assert caught.value.advice
    assert len(caught.value.sentence) < 300


async def test_every_list_can_be_read_or_is_said_to_be_off(simulated: Simulated) -> None:
    """S40."""
    ledger = simulated.ledger()
    read = set()
    for kind in simulated.software.lists:
        found: list[Entry] = []
        with suppress(NotFound):
            found = await entries(ledger, kind)
            read.add(kind)
        ids = [entry.id for entry in found]
        assert len(set(ids)) == len(ids), kind
        assert all(entry.id and entry.name for entry in found), kind
    assert read >= ALWAYS


@pytest.mark.parametrize("total", ["144.00", "0.01", "1234567.89", "33.33", "1E+2"])
@pytest.mark.parametrize("kind", PublishAs)
async def test_a_record_is_sent_found_and_read_back_as_it_was_sent(
    simulated: Simulated, kind: PublishAs, total: str
) -> None:
    """S1: to the penny."""
    record = await a_record(simulated, kind, total)
    assert (record.kind, record.reference) == (kind, REFERENCE)
    assert json.loads(json.dumps(record.body)) == record.body
    ledger = simulated.ledger()
    assert await ledger.find(record) is None
    sent = await ledger.send(record)
    assert differences(record, sent) == ()
    assert Decimal(sent.read_back["total"]) == Decimal(total)
    assert all((sent.record_id, sent.number, sent.link))
    found = await ledger.find(record)
    assert found is not None
    assert (found.record_id, found.link) == (sent.record_id, sent.link)
    assert differences(record, found) == ()


TAKES_FILES = [kind for kind in PublishAs if kind is not PublishAs.SALES_RECEIPT]


@pytest.mark.parametrize("of_several", [False, True])
@pytest.mark.parametrize("kind", TAKES_FILES)
async def test_a_file_is_sent_to_its_record_and_found_there(
    simulated: Simulated, kind: PublishAs, of_several: bool
) -> None:
    """C14: the same upload each time, so that an earlier try is known again."""
    ledger = simulated.ledger()
    sent = await ledger.send(await a_record(simulated, kind))

    def upload(name: str) -> Upload:
        return simulated.software.upload(
            kind, sent.record_id, name, b"%PDF-1.4 " + name.encode(), of_several=of_several
        )

    first, second = upload(tidy('Rechnung "März" & 株式.pdf')), upload("b.pdf")
    assert first == upload(first.filename)
    assert not await ledger.has_attached(first)
    await ledger.attach(first)
    assert await ledger.has_attached(first)
    assert not await ledger.has_attached(second)
    if of_several:
        await ledger.attach(second)
        assert await ledger.has_attached(first)
        assert await ledger.has_attached(second)


async def test_a_file_that_cannot_be_sent_costs_no_call(simulated: Simulated) -> None:
    """C14: type and size are checked first."""
    with pytest.raises(Refused) as caught:
        simulated.software.upload(PublishAs.BILL, "1", "page.html", b"<p>", of_several=False)
    assert caught.value.says.endswith(".")


async def test_a_file_for_a_record_that_is_gone_is_refused_in_words(simulated: Simulated) -> None:
    upload = simulated.software.upload(PublishAs.BILL, "1", "a.pdf", b"%PDF-1.4", of_several=False)
    with pytest.raises(Refused):
        await simulated.ledger().attach(upload)


async def test_a_record_is_the_same_each_time_it_is_made(simulated: Simulated) -> None:
    for kind in PublishAs:
        assert await a_record(simulated, kind) == await a_record(simulated, kind)


async def test_a_supplier_is_made_once(simulated: Simulated) -> None:
    """S20."""
    ledger = simulated.ledger()
    name = "Ünusual & Sons “Nine” Ltd"
    assert await ledger.find_supplier(name) is None
    made = await ledger.create_supplier(name, "")
    assert (made.name, made.active) == (name, True)
    for spelling in (name, name.upper()):
        found = await ledger.find_supplier(spelling)
        assert found is not None
        assert found.id == made.id
    with pytest.raises(Refused) as caught:
        await ledger.create_supplier(name, "")
    assert caught.value.cause == "name_used"
    assert made.id in {entry.id for entry in await entries(ledger, ListKind.SUPPLIERS)}


async def test_a_customer_of_that_name_is_no_supplier(simulated: Simulated) -> None:
    ledger = simulated.ledger()
    customer = (await entries(ledger, ListKind.CUSTOMERS))[0]
    assert await ledger.find_supplier(customer.name) is None
    with pytest.raises(Refused) as caught:
        await ledger.create_supplier(customer.name, "")
    assert caught.value.cause == "name_used"


async def test_a_supplier_that_is_gone_is_refused_in_words(simulated: Simulated) -> None:
    """S3."""
    record = await a_record(simulated, PublishAs.BILL)
    gone = Record(record.kind, record.reference, {**record.body, "vendor_id": EntryId("1")})
    with pytest.raises(Refused) as caught:
        await simulated.ledger().send(gone)
    assert caught.value.cause == "gone"
    assert caught.value.advice


async def test_an_organisation_of_somebody_else_stays_closed(simulated: Simulated) -> None:
    with pytest.raises(Refused) as caught:
        await entries(simulated.ledger("999999"), ListKind.CATEGORIES)
    assert caught.value.cause == "organisation"


async def test_after_revoking_only_signing_in_again_helps(simulated: Simulated) -> None:
    """S14: and revoking twice is quiet."""
    await simulated.software.revoke(simulated.credentials)
    await simulated.software.revoke(simulated.credentials)
    with pytest.raises(ReconnectNeeded) as caught:
        await entries(simulated.ledger(), ListKind.CATEGORIES)
    assert "/dext reconnect" in caught.value.advice
