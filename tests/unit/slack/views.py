"""Everything Slack is ever shown, made of texts that are given: one list for all checks of views."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.domain.api_keys import ApiKey, KeyRight
from bot.domain.attachments import Attachment, FileState
from bot.domain.audit import Line as LogLine
from bot.domain.audit import LogEntry, words
from bot.domain.checklist import Check, Standing, checks
from bot.domain.coding import Problem
from bot.domain.conflicts import Cause, Conflict
from bot.domain.connection import Connection, ConnectionState, Organisation, SignIn, SignInStage
from bot.domain.digest import Digest, Happened
from bot.domain.duplicates import Answer, Suspect, Verdict, suspects
from bot.domain.history import Event
from bot.domain.identity import BOT, ChannelId, EntryId, ItemId, MessageRef, PersonId
from bot.domain.items import (
    DUPLICATE,
    NUMBER_USED,
    AutoPublish,
    Document,
    DocumentType,
    Field,
    Hold,
    Item,
    ItemStage,
    ItemStatus,
    Line,
    PublishAs,
    Side,
)
from bot.domain.line_edits import LineChange, changed
from bot.domain.lists import (
    Change,
    Entry,
    EntryChange,
    ListChange,
    ListKind,
    ListsState,
    Refresh,
    RefreshState,
    Touch,
)
from bot.domain.many import Many, ManyState, Outcome, Result, Wanted
from bot.domain.mapping import ListMapping, MapLine, Matched
from bot.domain.matching import Alias
from bot.domain.payment_methods import PaymentMethod
from bot.domain.probe import Finding, Probe
from bot.domain.publication import Readable
from bot.domain.reading import RefusedRow
from bot.domain.report import Month, Spend
from bot.domain.resolving import resolve
from bot.domain.roles import Role, RoleChange, Roles
from bot.domain.settings import BooksChanges, BusinessSettings, SupplierRule
from bot.domain.standing import RecordStanding, State
from bot.domain.status import Failed, Status
from bot.domain.suppliers import Alike
from bot.domain.transitions import status as item_status
from bot.domain.watch import BooksRecord, Found, Look, as_item
from bot.errors import AlreadyDone, NotAllowed, NotReady, WrongInput
from bot.slack.blocks import (
    add_item,
    api_keys,
    changes,
    columns,
    conflicts,
    connection,
    connections_page,
    digest,
    duplicates,
    edit_item,
    edit_lines,
    errors,
    help,
    history,
    imports,
    items,
    log,
    many,
    mapping,
    payment_methods,
    record,
    refresh,
    report,
    roles,
    rule_form,
    rules,
    settings,
    standing,
    status,
    supplier,
    tax_exceptions,
    topics,
)
from bot.slack.blocks.items import Shown
from bot.slack.blocks.parts import message
from tests.builders import ADA, GBP_ORGANISATION, NOON, a_document, an_entry, an_item, published, usual_lists

LONG_AMOUNT = Decimal("999999999999.999999")
CHANNEL = ChannelId("C0FINANCE")
META = {"channel": CHANNEL}
View = dict[str, Any]


def an_organisation(text: str, number: str = "60001") -> Organisation:
    return Organisation(id=number, name=text or "-", currency="GBP", country=text)


def a_connection(text: str = "Held Out Ltd", *, works: bool = True) -> Connection:
    state = ConnectionState.CONNECTED if works else ConnectionState.RECONNECT_NEEDED
    return Connection("zoho-books", an_organisation(text), ADA, NOON, state)


def a_rule(text: str) -> SupplierRule:
    return SupplierRule(
        "key",
        EntryId("c1"),
        None,
        text,
        30,
        None,
        text,
        PublishAs.EXPENSE,
        AutoPublish(ADA, NOON, Decimal("500")),
    )


def clashes(text: str) -> list[Conflict]:
    """Of every cause, more than a page."""
    rule, other = a_rule(text), replace(a_rule(text), supplier="other", side=Side.SALE)
    several = [
        Conflict(rule, cause, text, name, other if cause is Cause.DOUBLED else None, text * whole)
        for cause in Cause
        for name, whole in (("category", 0), ("", 1))
    ]
    return several * 2


def a_sign_in(text: str = "Held Out Ltd", organisations: int = 1) -> SignIn:
    return SignIn(
        id="link",
        state="state",
        software="zoho-books",
        person=ADA,
        channel=CHANNEL,
        started_at=NOON,
        stage=SignInStage.SIGNED_IN,
        organisations=tuple(an_organisation(text, str(60001 + number)) for number in range(organisations)),
    )


def shown(item: Item, **more: list[Entry]) -> Shown:
    """An item as it stands, with the usual lists."""
    coding = resolve(item, None, BusinessSettings(), usual_lists(**more), GBP_ORGANISATION)
    return Shown(item, coding, item_status(item, coding))


def every_standing(text: str) -> list[RecordStanding]:
    """How a record may stand in the books, every text of it from outside."""
    edits = (f"number: {text} → {text}", f"supplier: {text} → {text}")
    return [
        RecordStanding(state, text, "2026-03-03", "144.00", text, text, "44.00", "GBP", NOON, edits)
        for state in State
    ]


def every_found(text: str) -> list[Found]:
    """What looks found: ours, others', nothing; as they went."""
    records = [
        BooksRecord(PublishAs.BILL, f"9{number:03}", "https://books.example/app#/bills/9", one, text, NOON)
        for number, one in enumerate(every_standing(text))
    ]
    others = [as_item("60001", one, NOON) for one in records]
    ours = [one.item for one in every_item(text) if one.item.published]
    look = Look("60001", NOON, NOON, finished_at=NOON, left_out=(text, text))
    cut = replace(look, finished_at=None, unfinished=text)
    mode = BooksChanges.EVERYTHING
    return [
        Found(others[:10], 2000, 10, mode, look, NOON),
        Found(ours[:10], 10, 0, mode, cut),
        Found([an_item()], 1, 0, BooksChanges.OURS, None),
        Found([], 0, 0, BooksChanges.OFF, None),
    ]


def edited_lines(text: str) -> Shown:
    """An item whose second line somebody coded and whose third has no amount."""
    lines = (Line(text, Decimal(2), Decimal("1.50")), Line(text, amount=Decimal(9)), Line(text))
    item = an_item(document=a_document(lines=lines, description=text))
    change = LineChange(category="c493", tax="t20", project="p1", description=text[:2000])
    return shown(changed(item, "2", change, ADA, NOON))


def everything_said(text: str) -> Document:
    """A document with a word in every field."""
    return a_document(
        supplier=text,
        supplier_legal_name=text,
        supplier_tax_number=text,
        other_tax_numbers=(text, text),
        customer=text,
        project=text,
        project_2=text,
        order_reference=text,
        corrects=text,
        note=text * 3,
        description=text,
        image_url="https://books.example/image/1?a=b",
        prepaid=Decimal("100.00"),
        payable=Decimal("44.00"),
        base_currency="EUR",
        base_total=Decimal("160.00"),
        lines=(Line(text, Decimal(2), Decimal("1.50"), Decimal("3.00"), text, text),) * 50,
    )


def every_item(text: str = "Northwind Paper Ltd") -> list[Shown]:
    """An item in each state, every text of it from outside."""
    document = a_document(
        supplier=text,
        customer=text,
        document_number=text,
        category=text,
        tax=text,
        project=text,
        payment_account=text,
        description=text,
        note=text,
        submitted_by=text,
    )
    hold = Hold("refused", text, "Change the number.")
    lines = tuple(
        Line(
            text,
            Decimal(number),
            Decimal("1.50"),
            None,
            "429" if number % 2 else text,
            text if number == 3 else "",
        )
        for number in range(1, 130)
    )
    base = an_item(document=document, received_from=text, received_by=ADA, asked_by=ADA)
    return [
        shown(an_item()),
        shown(base),
        shown(replace(base, attachments=every_file(text))),
        shown(replace(base, stage=ItemStage.PUBLISHED, published=published(), attachments=every_file(text))),
        shown(replace(base, document=a_document(paid=True, payment_account=text))),
        shown(an_item(manual={Field.SUPPLIER: f"new:{text}", Field.DESCRIPTION: text, Field.TAX: text})),
        shown(replace(base, document=a_document(lines=lines, description=text))),
        shown(replace(base, document=a_document(side=Side.SALE, customer=text, type=DocumentType.RECEIPT))),
        shown(
            replace(base, document=a_document(type=DocumentType.CREDIT_NOTE, currency="EUR")),
            currencies=[EURO],
        ),
        shown(replace(base, stage=ItemStage.PUBLISHING)),
        shown(replace(base, stage=ItemStage.IN_CLAIM, claim=ItemId("claim"))),
        shown(replace(base, stage=ItemStage.WAITING, hold=hold)),
        shown(replace(base, stage=ItemStage.FAILED, hold=hold)),
        shown(replace(an_item(), stage=ItemStage.FAILED, hold=hold)),
        shown(replace(an_item(), stage=ItemStage.FAILED, hold=hold, doubtful=("DXT-1",))),
        shown(replace(base, stage=ItemStage.REJECTED, rejected_by=ADA)),
        shown(
            replace(base, stage=ItemStage.PUBLISHED, published=published(number=text, differences=(text,)))
        ),
        *(
            shown(replace(base, stage=ItemStage.PUBLISHED, published=published(standing=one, unpaid=text)))
            for one in every_standing(text)
        ),
        shown(
            replace(
                base,
                stage=ItemStage.PUBLISHED,
                published=published(kind=PublishAs.INVOICE, unpaid=text, is_draft=True),
            )
        ),
        *(
            shown(
                replace(
                    base,
                    document=a_document(),
                    stage=ItemStage.FAILED,
                    hold=replace(hold, cause=cause, link=page),
                )
            )
            for cause, page in (
                ("gone", ""),
                ("rights", ""),
                (NUMBER_USED, "https://books.example/app#/bills/1"),
            )
        ),
    ]


EURO = an_entry("EUR", id=EntryId("eur2"), rate="0.8612", as_of="2026-11-03")


def every_file(text: str) -> tuple[Attachment, ...]:
    """Ten files, some in each state for the record of `published()`."""
    states = list(FileState)
    return tuple(
        Attachment(f"f{n}", text or "-", text, 5, state=states[n % 4], record="7001", says=text)
        for n in range(10)
    )


def every_key(text: str) -> list[ApiKey]:
    """As many keys as there may be."""
    return [
        ApiKey(f"k{n}", text[:50] or "-", "hash", "ab12", ADA, NOON, right, NOON if n % 2 else None)
        for n in range(10)
        for right in KeyRight
    ]


def every_suspect(text: str) -> list[tuple[Shown, Shown]]:
    """An item beside one that may be the same, unanswered and with each answer; both with outside texts."""
    document = a_document(supplier=text, document_number=text, submitted_by=text, description=text)
    other = an_item(document=document, received_from=text, received_at=NOON - dt.timedelta(days=1))
    pairs = []
    for one in every_item(text):
        for verdict in (None, *(Verdict(answer, ADA, NOON) for answer in Answer)):
            item = replace(one.item, id=ItemId("item2"), document=document)
            beside = replace(one.item, id=ItemId("item1"), received_at=other.received_at, document=document)
            found = suspects(item, [(beside, verdict)], usual_lists(), {}, "GBP")
            pairs.append((_suspicious(item, found), shown(beside)))
    return pairs


def _suspicious(item: Item, found: Sequence[Suspect]) -> Shown:
    plain = shown(item)
    problem = Problem(Field.DOCUMENT_NUMBER, "may be a duplicate")
    problems = (*plain.coding.problems, *([problem] if found and found[0].asks else []))
    coding = replace(plain.coding, problems=problems)
    return Shown(item, coding, item_status(item, coding), suspects=found)


def every_refresh(text: str = "Acme") -> list[Refresh]:
    """A refresh in each state."""
    begun = Refresh("r1", ADA, NOON, reading=ListKind.SUPPLIERS, message=MessageRef(CHANNEL, "1.2"))
    changes = tuple(
        ListChange(
            kind, 1400, 12, ((text, text),), (text,) * 5, 2, 7, available=kind is not ListKind.LOCATIONS
        )
        for kind in ListKind
    )
    over = NOON + dt.timedelta(seconds=38)
    return [
        begun,
        replace(begun, changes=changes[:6]),
        replace(begun, state=RefreshState.COMPLETE, changes=changes, finished_at=over, items_touched=3),
        replace(begun, state=RefreshState.FAILED, fault=text, finished_at=over, retry_at=over),
        replace(begun, changes=changes[:2], read_count=1400, waits_for=text, waits_until=over),
        replace(
            begun,
            state=RefreshState.COMPLETE,
            changes=tuple(replace(one, added_names=(text,) * 5, active_again=(text,)) for one in changes),
            finished_at=over,
            touches=tuple(every_touch(text)),
            report_lines=90,
        ),
        replace(
            begun,
            state=RefreshState.COMPLETE,
            changes=tuple(replace(one, available=False, why="rights") for one in changes),
            finished_at=over,
        ),
    ]


def every_many(text: str = "costs.csv") -> list[Many]:
    """Many at once in each state, every text of them from outside."""
    ids = tuple(ItemId(f"i{number}") for number in range(500))
    begun = Many("m1", Wanted.FILE, text or "-", ADA, NOON, items=ids, place=30, begun=ids[20:30])
    results = (
        Result(Outcome.PUBLISHED, "", ids[:10]),
        *(Result(Outcome.FAILED, f"{text[:50]}{number}", ids[10:12]) for number in range(20)),
        Result(Outcome.FAILED, "number_used", ids[30:34]),
        Result(Outcome.HELD, "reconnect", ids[14:15]),
        Result(Outcome.BACK, "NotAllowed", ids[15:16]),
        *(
            Result(Outcome.LEFT, why, ids[16:18])
            for why in (DUPLICATE, "new_supplier", "not_ready", "already", text)
        ),
    )
    whole = replace(begun, results=results)
    stopped = replace(whole, state=ManyState.STOPPED, stopped_by=ADA)
    over = replace(whole, state=ManyState.OVER, begun=(), place=500)
    nothing = Many("m2", Wanted.READY, "", ADA, NOON, items=(), state=ManyState.OVER)
    return [Many("m0", Wanted.CAUSE, text, ADA, NOON), begun, whole, stopped, over, nothing]


def every_status(text: str = "Held Out Ltd") -> list[Status]:
    """How a business may stand, every text of it from outside."""
    lists = ListsState(NOON, dict.fromkeys(ListKind, 1400))
    failed = [Failed(f"{text[:50]}{number}", 3, text) for number in range(20)]
    probe = Probe(NOON, ("bills",), (Finding("bills", "rights", text, text), Finding("", "refused", text)))
    settings_ = BusinessSettings(channel=CHANNEL)
    nothing = Status(None, BusinessSettings(), ListsState(), None, None, None)
    well = Status(a_connection(text), settings_, lists, None, NOON, (214, 10_000), {ItemStatus.READY: 3})
    badly = Status(
        replace(a_connection(text, works=False), reason=text),
        settings_,
        lists,
        every_refresh(text)[3],
        None,
        None,
        dict.fromkeys(ItemStatus, 3),
        {"reconnect": 2, text: 1},
        failed,
        probe,
    )
    return [nothing, well, badly]


def log_lines(text: str) -> list[LogLine]:
    entry = LogEntry(NOON, ADA, "rule.changed", text, text, text)
    changed = LogEntry(NOON, ADA, "roles.changed", "Admins", "UADA", "UADA UTOM")
    moved = LogEntry(NOON, ADA, "settings.changed", "Channel", "none", f"<#{CHANNEL}>")
    odd = LogEntry(NOON, PersonId(""), text, text, text, text)
    return [LogLine(one, text, words(one)) for one in (entry, changed, moved, odd) for _ in range(4)]


def a_digest(text: str) -> Digest:
    seen = Happened(3, 1, (text,) * 12, 4, 1)
    spent = Spend(Decimal(144), {text[:90] + str(number): Decimal(36) for number in range(4)}, {}, 2)
    causes = {"reconnect": 1, text: 2}
    changed = (text,) * 5
    return Digest(
        "2026-10-05", seen, 3, 2, causes, {text: 2}, changed, duplicates=1, spend=spent, currency="GBP"
    )


def homes(text: str) -> list[list[View]]:
    """App Home for everybody, in every state."""
    found = []
    for one in every_status(text):
        found += [status.home(one, pages(text)[1], role) for role in Role]
    return found


def every_checklist(text: str) -> list[tuple[Check, ...]]:
    """All there, one thing missing, everything missing."""
    tax = an_entry(text, percentage="20")
    lists = ListsState(NOON, dict.fromkeys(ListKind, 1400))
    chosen = BusinessSettings(
        channel=CHANNEL, default_tax_costs=EntryId("t1"), default_tax_sales=EntryId("t2")
    )
    both = {Side.COST: tax, Side.SALE: tax}
    whole = Standing(a_connection(text), chosen, lists, both, has_rule=True, has_approver=True)
    gone = replace(whole, default_taxes=dict.fromkeys(both, replace(tax, active=False)), has_rule=False)
    broken = a_connection(text, works=False)
    bare = Standing(broken, BusinessSettings(), ListsState(), findings=3, is_reading=True)
    return [checks(NOON, one, bot_in_channel=one is whole) for one in (whole, gone, bare)]


def every_touch(text: str) -> list[Touch]:
    """Each kind of change with one user, and with many."""
    before = an_entry(text or "-")
    changes = [EntryChange(ListKind.TAXES, what, before.id, text, before) for what in Change]
    ids = tuple(ItemId(f"i{number}") for number in range(50))
    one = [Touch(line, change, ids[:1], 1) for line, change in enumerate(changes)]
    many = [
        Touch(line, change, ids, 70, (text, text), ("Default tax for costs",))
        for line, change in enumerate(changes)
    ]
    methods = [replace(one[0], item_count=0, methods=(text, text)), replace(many[0], methods=(text,))]
    return [*one[3:], *many, *methods, replace(one[0], is_broken=False)]


def every_method(text: str) -> list[payment_methods.Shown]:
    """Asked about, remembered, and one whose account is gone; more than a page shows."""
    method = PaymentMethod(text, EntryId("b1"), text, ADA, NOON, text)
    account = an_entry(text or "-", id=EntryId("b1"))
    stands = payment_methods.Shown("visa 4242", text, method, account, None, 3)
    gone = replace(stands, account=replace(account, active=False))
    asked = payment_methods.Shown("visa 4242", text, likely=account)
    return [replace(asked, likely=None), asked, gone, replace(gone, account=None), *[stands] * 40]


def every_line(text: str) -> list[tuple[EntryChange, Touch | None]]:
    touches = every_touch(text)
    return [(touch.change, touch) for touch in touches] + [(touches[0].change, None)]


def a_mapping(text: str) -> ListMapping:
    """Some of it mapped, more than a page left."""

    def line(number: int, kind: ListKind, how: Matched) -> MapLine:
        return MapLine(
            kind, an_entry(text or "-", id=EntryId(f"e{number}")), ("rule:x:tax",), how, None, text
        )

    kinds = (ListKind.CATEGORIES, ListKind.SUPPLIERS)
    lines = [line(number, kinds[number % 2], list(Matched)[number % 5]) for number in range(150)]
    return ListMapping("60001", text, "60002", text, ADA, tuple(lines), is_settled=True)


def every_exception(taxes: Sequence[Entry]) -> list[tax_exceptions.Shown]:
    """Whole, inactive and gone."""
    entries = (taxes[0], replace(taxes[1], active=False), None)
    return [tax_exceptions.Shown("cost:EUR", entry, 500) for entry in entries]


def modals(text: str) -> list[View]:
    """Every modal there is."""
    one, other = an_organisation(text), an_organisation(text, "60002")
    taxes = [an_entry(f"{text}{number}", id=EntryId(f"t{number}"), percentage="20") for number in range(150)]
    chosen = BusinessSettings(
        default_tax_costs=EntryId("t1"), default_tax_sales=EntryId("t149"), channel=CHANNEL
    )
    alias = Alias(text, EntryId("s1"), text, ADA, NOON)
    alike = [Alike(EntryId(f"s{number}"), text or "-", 84, text) for number in range(5)]
    offered = [("zoho-books", text, text)]
    views = [
        connection.softwares(offered, None, META),
        connection.softwares(offered, a_connection(text), META),
        *(
            connection.connect_steps(
                "Zoho Books", text, "https://bot.example/connect", META, reconnecting=again, waiting=waiting
            )
            for again in (True, False)
            for waiting in (True, False)
        ),
        *(
            connection.choose_organisation("Zoho Books", a_sign_in(text, number), "60001", META)
            for number in (1, 2, 100, 101, 250)
        ),
        *(
            connection.last_look("Zoho Books", one, before, channel, META)
            for before in (None, one, other)
            for channel in (CHANNEL, "", "D0ADA")
        ),
        connection.ask_disconnect(a_connection(text), META),
        *(connections_page.page(blocks, META) for blocks in pages(text)),
        refresh.question(tuple(ListKind), None, META),
        refresh.question(tuple(ListKind), ListKind.SUPPLIERS, META),
        *(changes.page("r1", every_line(text), 90, offset, META) for offset in (0, 20, 80)),
        changes.page("r1", [], 0, 0, META),
        changes.items(items.rows(every_item(text)[:8]), every_touch(text)[1], META),
        *(mapping.form(a_mapping(text), kind, META) for kind in (ListKind.CATEGORIES, ListKind.SUPPLIERS)),
        mapping.done(a_mapping(text), META),
        *(
            standing.page(one, {}, META, may_look=may_look, looking=not may_look)
            for one in every_found(text)
            for may_look in (True, False)
        ),
        settings.form(BusinessSettings(digest_hour=None, digest_channel=CHANNEL), [], [], META),
        digest.form(None, text, META),
        digest.form(9, "", META),
        settings.form(chosen, taxes[:2], taxes[:2], META),
        settings.form(chosen, taxes, taxes, META),
        tax_exceptions.form([], [], [], META),
        tax_exceptions.form(every_exception(taxes), taxes[:2], taxes[:2], META, would_change=1),
        tax_exceptions.form(every_exception(taxes) * 20, taxes, taxes, META, is_all=False, would_change=0),
        rules.page([], [], 0, 0, META, every_method(text)),
        *(payment_methods.form(one, payment_methods.SAVE, META) for one in every_method(text)),
        rules.page([rules.Line("key", text, text)], [], None, 0, META),
        rules.page([rules.Line("key", text, text, ("category", "tax"))] * 45, [alias] * 45, 3, 20, META),
        rule_form.form(None, META),
        rule_form.form(None, META, Side.SALE),
        rule_form.form(rule_form.Standing(a_rule(text), {"category": taxes[0], "tax": None}), META),
        conflicts.page([], 0, META),
        *(conflicts.page(clashes(text), offset, META) for offset in (0, 20)),
        roles.form(Roles((ADA,), (ADA,)), [ADA], META),
        roles.form(Roles((ADA,)), [], META),
        roles.looking(),
        roles.looking(failed=True),
        log.page([], "", "", log.CHECKING, META),
        log.page(log_lines(text), "12-0", text, "142 entries, chain unbroken", META | {"before": "13-0"}),
        *(status.page(one, role, META, checking=True) for one in every_status(text) for role in Role),
        *(status.page(one, Role.ADMIN, META, checked=text) for one in every_status(text)),
        imports.form(META),
        add_item.form(META | {"once": "0" * 16}),
        api_keys.page([], META),
        api_keys.page(every_key(text), META),
        api_keys.made(text, "dxt_T1_b1_" + "a" * 61, "https://bot.example/api/v1/items", META),
        errors.refusal_view("Edit item", WrongInput(text, advice=text)),
    ]
    for one_item in every_item(text):
        views += [
            edit_item.edit_form(one_item, META),
            supplier.question(one_item.item.id, one_item.coding, alike, META),
            supplier.question(one_item.item.id, one_item.coding, [], META),
            supplier.answered(one_item.coding),
            record.preview(one_item.coding, None, False, META),
            record.preview(one_item.coding, a_readable(text), True, META),
        ]
    for this, other_item in every_suspect(text):
        for suspect in this.suspects:
            views += [
                duplicates.question(this, other_item, suspect, 3, META),
                duplicates.settled(this, suspect, suspect.verdict, META),
            ]
    views.append(duplicates.nothing(META))
    whole = every_item(text)[: items.ON_A_PAGE]
    counts = dict.fromkeys(ItemStatus, 3)
    views += [
        items.inbox(whole, 40, 8, counts, None, META),
        items.inbox([], 0, 0, {}, ItemStatus.READY, META),
        items.inbox(whole, 40, 8, {}, None, {**META, "find": text[: items.FIND_LONGEST]}),
        items.looking(META),
        columns.form(columns.value("F1", "k" * 24, [text, text[:5], "x"] * 20), META),
        *(items.details(one, META) for one in every_item(text)[:9]),
        items.details(shown(an_item(document=everything_said(text))), META),
    ]
    for with_lines in (every_item(text)[1], every_item(text)[6], edited_lines(text)):
        views += [edit_lines.lines(with_lines, offset, META) for offset in (0, 10)]
        views += [edit_lines.line_form(with_lines, line, META) for line in ("1", "3", "+new")]
    happened = [Event(NOON, ADA, text), Event(NOON, BOT, f"changed total: {text} → {text}")] * 10
    views += [
        history.page(text, happened, 55, 20, "item1", META),
        history.page(text, [], 0, 0, "item1", META),
    ]
    return views


def a_readable(text: str) -> Readable:
    """A record of very many lines, each text from outside."""
    fields = (("Supplier", text), ("Date", "2026-03-03"), ("Description", text))
    return Readable("Bill with payment", fields, (text,) * 130, fields)


def pages(text: str) -> list[list[View]]:
    """The Connections page for everybody, in every state; App Home shows the same."""
    state = ListsState(NOON, dict.fromkeys(ListKind, 1400))
    lists = every_checklist(text or "-")
    found = []
    for is_admin in (True, False):
        for managing in (True, False):
            for linked, checked in (
                (None, ()),
                (a_connection(text), lists[0]),
                (a_connection(text), lists[1]),
                (a_connection(text, works=False), lists[2]),
            ):
                found.append(
                    connections_page.page_blocks(
                        linked, state, NOON, 12, (214, 10_000), checked,
                        is_admin=is_admin, admins=[] if managing else ["UADA", "UTOM"], managing=managing,
                        checked_at=NOON,
                        changes=[LogEntry(NOON, who, "settings.changed", text, text) for who in (ADA, BOT)],
                    )
                )  # fmt: skip
    return found


def every_look(text: str) -> list[imports.Look]:
    """What a file would bring in, of both kinds."""
    rows = [RefusedRow(number, text) for number in range(60)]
    codings = [one.coding for one in every_item(text)]
    totals = {
        code: Decimal("1234567.891")
        for code in ("GBP", "EUR", "USD", "JPY", "KWD", "IDR", "CHF", "SEK", "NOK")
    }
    return [
        imports.Look(text, codings, 2, 7, rows, totals, [text] * 9),
        imports.Look(text, codings[:1], 1, 0, [], {"": Decimal(0)}),
        imports.Look(text, [], 0, 0, rows, {}, [], 3, 4, 5, 6, is_supplier_list=True),
    ]


def messages(text: str) -> list[View]:
    """Every message there is."""
    rows = [RefusedRow(number, text) for number in range(60)]
    ids = [ItemId(f"i{number}") for number in range(40)]
    return [
        *(items.card(one) for one in every_item(text)),
        *(items.card(this) for this, _ in every_suspect(text)),
        *(refresh.status(one, text, 10) for one in every_refresh(text)),
        refresh.already_running(every_refresh(text)[0]),
        mapping.told(a_mapping(text)),
        connection.signed_in("Zoho Books"),
        connection.connected(a_connection(text)),
        connection.disconnected(a_connection(text), "UADA"),
        connection.broken(a_connection(text, works=False), 12),
        connection.broken_here(a_connection(text, works=False)),
        connection.went_on(12, dict.fromkeys(ItemStatus, 2)),
        connection.went_on(1, {ItemStatus.PUBLISHED: 1}),
        connection.no_channel(CHANNEL),
        connection.no_channel(""),
        settings.saved([f"Default tax for costs: {text} (was none)", f"Channel: <#{CHANNEL}> (was none)"]),
        settings.saved([]),
        items.summary(text or "-", PersonId("UADA"), ids, 2, 31, 7, rows, text or "-"),
        *(imports.preview(look, text or "F1") for look in every_look(text)),
        imports.taking(),
        imports.cancelled(text),
        imports.came_in(text, 1, CHANNEL),
        imports.said(imports.rules_imported(text, 1, 2, 3), rows, [text] * 9),
        imports.said(imports.rules_imported(text, 0, 0, 3), []),
        *(many.progress(one) for one in every_many(text)),
        many.offer(0, {}, 0),
        many.offer(31, {"GBP": LONG_AMOUNT, "JPY": LONG_AMOUNT}, 3),
        many.asked(text),
        roles.saved([]),
        roles.saved([RoleChange(ADA, Role.MEMBER, Role.APPROVER)]),
        *(roles.told("UADA", before, after) for before in Role for after in Role),
        log.export_asked(),
        status.told([Finding("bills", "rights", text, text)], "zoho-books"),
        digest.daily(a_digest(text), text),
        digest.daily(replace(a_digest(text), changed_there=1, entered_there=12), text),
        digest.set_to(9, text),
        digest.set_to(None, text),
        digest.daily(Digest("2026-10-05", Happened()), text),
        history.thread([Event(NOON, ADA, text), Event(NOON, BOT, text, in_thread=False)]),
        history.thread([Event(NOON, ADA, text)] * 60),
        columns.question(text, "F1", "k" * 24, [text] * 60),
        columns.remembered(text, "F1", "k" * 24, [text] * 60),
        *(topics.page(name) for name in topics.TOPICS),
        report.asked(Month(2026, 3)),
        report.nothing(Month(2026, 3)),
        message(report.made(Month(2026, 3), text, "GBP", {ItemStatus.READY: 2}, Spend(left_out=2))),
        help.page(f"Connected to {'Held Out Ltd'}.", [("refresh", "Read the lists")], ["refresh"]),
        help.page("Nothing is connected yet.", [("help", text)], ["help"], help.unknown_word(text, "help")),
        payment_methods.saved(PaymentMethod(text, EntryId("b1"), text, ADA, NOON, text), 3),
        errors.refusal(WrongInput(text, advice=text)),
        errors.refusal(NotReady((text, text)), "item1"),
        errors.refusal(NotAllowed("Only an Admin can connect.", who=("UADA", "UTOM"))),
        errors.refusal(AlreadyDone(f"<@UADA> published this item already, as bill {text}.")),
    ]
