"""Files from Slack: the look before the import, the import, and who hears what of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import structlog

from bot.domain.identity import Business, EntryId, ItemId, PersonId
from bot.domain.items import DocumentType
from bot.domain.reading import ReadAs, RefusedRow
from bot.domain.resolving import resolve
from bot.domain.roles import Person
from bot.domain.rule_rows import Plan
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.domain.transitions import status
from bot.errors import BotError, StorageUnavailable, UnknownFile, WrongInput
from bot.readers.columns import headings
from bot.services.importing import Imported, Preview
from bot.services.items import ItemView
from bot.slack.blocks import imports as blocks
from bot.slack.client import Slack
from handlers.job_kit import Context
from handlers.jobs import JOBS
from tests.builders import GBP_ORGANISATION, an_item, usual_lists
from tests.integration.handlers.jobscene import BUSINESS, HOME, FakeConnections, FakeItems, FakeSettings
from tests.integration.handlers.slackside import ADA, BEN, FakeRoles, FakeSlack, services
from tests.unit.slack import views
from tests.unit.slack.checking import takes_message

DIRECT = "D0ADA"
HERE = "C9"
ROBOT = PersonId("UROBOT")
REFUSED = (RefusedRow(7, "total “x” is not an amount"),)
RULES = Plan(((None, SupplierRule("acme", EntryId("c429"), name="Acme")),), same=2, bare=1)


def a_view(**changes: Any) -> ItemView:
    item = an_item(**changes)
    coding = resolve(item, None, BusinessSettings(), usual_lists(), GBP_ORGANISATION)
    return ItemView(item, coding, status(item, coding), views.a_connection(), BusinessSettings())


def preview(number: int = 1, **changes: Any) -> Preview:
    """Of so many new items."""
    new = tuple(a_view(id=ItemId(f"item{place + 1}")) for place in range(number))
    usual: dict[str, Any] = {"filename": "F1.csv", "new": new, "known": 0, "refused": ()}
    return Preview(**usual | changes)


@dataclass
class FakeImporting:
    """`ImportingService` whose look and import come to what the test gives."""

    found: Preview | BotError | Exception
    going: int = 0
    brought_in: int = 0
    by: list[str] = field(default_factory=list)
    encodings: list[str] = field(default_factory=list)

    async def look(self, _: Business, filename: str, content: bytes, encoding: str = "") -> Preview:
        self.encodings.append(encoding)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    async def run(
        self, _: Business, filename: str, content: bytes, by: PersonId, encoding: str = ""
    ) -> Imported:
        found = await self.look(_, filename, content, encoding)
        self.brought_in += 1
        self.by.append(by)
        ids = tuple(view.item.id for view in found.new)
        return Imported(
            filename=found.filename,
            new=ids,
            known=found.known,
            ready=found.ready,
            needs_attention=len(ids) - found.ready,
            refused=found.refused,
            going=self.going,
            notes=found.notes,
            rules=found.rules,
        )


class Roles(FakeRoles):
    def _person(self, person: PersonId) -> Person:
        return Person(person, "robot", is_bot=True) if person == ROBOT else super()._person(person)


@dataclass
class SlackWithFile(FakeSlack):
    name: str = "F1.csv"
    content: bytes = b"Item ID"
    fetched: int = 0

    async def file_name(self, file_id: str) -> str:
        return self.name

    async def file(self, file_id: str) -> tuple[str, bytes]:
        self.fetched += 1
        return self.name, self.content


class NoColumns:
    """`ColumnService` where nobody chose any."""

    async def known(self, _: Business, content: bytes) -> tuple[bytes, None]:
        return content, None

    def headings(self, content: bytes) -> tuple[str, ...]:
        return headings(content)


@dataclass
class Desk:
    importing: FakeImporting
    slack: SlackWithFile = field(default_factory=SlackWithFile)

    async def runs(self, job: str, person: Person | PersonId = ADA, channel: str = HERE, *more: str) -> None:
        fakes = {
            "settings": FakeSettings(),
            "importing": self.importing,
            "columns": NoColumns(),
            "items": FakeItems({"item1": an_item(received_by=ADA.id)}),
            "connection": FakeConnections(),
            "roles": Roles(),
        }
        who = person.id if isinstance(person, Person) else person
        context = Context(services(**fakes), lambda _: cast(Slack, self.slack))
        await JOBS[job](context, str(BUSINESS), "F1", who, channel, *more)

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(one.how, one.where) for one in self.slack.told]

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.slack.told)


def a_desk(found: Preview | Exception) -> Desk:
    return Desk(FakeImporting(found))


# --- the look


async def test_a_single_item_comes_in_at_once_as_its_card() -> None:
    """C28."""
    desk = a_desk(preview(1))
    await desk.runs("look_at_file")
    assert desk.told == [("post", HOME)]
    assert "Northwind Paper Ltd" in desk.text
    assert desk.importing.by == [ADA.id]


async def test_what_was_decided_for_the_file_of_a_single_item_is_said_privately() -> None:
    desk = a_desk(preview(1, notes=("Days are read day first: 03/04/2026 is 3 April 2026.",)))
    await desk.runs("look_at_file")
    assert desk.told == [("post", HOME), ("whisper", ADA.id)]
    assert "Days are read day first" in desk.slack.told[1].text


async def test_of_several_items_the_person_alone_sees_what_would_come_in() -> None:
    """C28: counts, totals by currency, the first rows, what is refused; nothing is stored."""
    credit = a_view(type=DocumentType.CREDIT_NOTE, total="44.00")
    euro = a_view(currency="EUR", total="10.00", category="")
    views_of = (*preview(6).new, credit, euro)
    desk = a_desk(preview(0, new=views_of, known=2, refused=REFUSED, notes=("Days are read month first.",)))
    await desk.runs("look_at_file")
    assert desk.told == [("whisper", ADA.id)]
    assert desk.importing.brought_in == 0
    assert "*8 items would come in* from F1.csv" in desk.text
    assert "7 ready · 1 need attention · 2 already here · 1 refused" in desk.text
    assert "Together €10.00, £820.00" in desk.text
    assert "3 Mar 2026 · *Northwind Paper Ltd* · NW-1001 · £144.00" in desk.text
    assert "… and 3 more" in desk.text
    assert "Row 7: total “x” is not an amount" in desk.text
    assert "Days are read month first." in desk.text
    buttons = desk.slack.told[0].what["blocks"][-1]["elements"]
    assert [(one["text"]["text"], one["action_id"], one["value"]) for one in buttons] == [
        ("Import", blocks.CONFIRM, "F1"),
        ("Cancel", blocks.CANCEL, "F1.csv"),
    ]


GYORI = (
    ReadAs("cp1252", "Western European (Windows)", "Gyõri"),
    ReadAs("cp1250", "Central European (Windows)", "Győri"),
)


async def test_letters_that_may_be_others_are_looked_at_first_and_chosen() -> None:
    """C28: a single item too, so that no wrong supplier is made in silence."""
    desk = a_desk(preview(1, read_as=GYORI, is_doubtful=True))
    await desk.runs("look_at_file")
    assert (desk.told, desk.importing.brought_in) == ([("whisper", ADA.id)], 0)
    takes_message(desk.slack.told[0].what)
    picking = desk.slack.told[0].what["blocks"][-1]["elements"][-1]
    assert (picking["type"], picking["action_id"]) == ("static_select", blocks.READ_AS)
    assert [one["text"]["text"] for one in picking["options"]] == [
        "Western European (Windows): Gyõri",
        "Central European (Windows): Győri",
    ]
    assert blocks.chosen(picking["options"][1]["value"]) == ("F1", "cp1250")


async def test_a_chosen_encoding_goes_with_the_look_and_the_import() -> None:
    """C28."""
    desk = a_desk(preview(1, read_as=GYORI))
    await desk.runs("look_at_file", ADA, HERE, "cp1250")
    confirm = desk.slack.told[0].what["blocks"][-1]["elements"][0]
    assert blocks.chosen(confirm["value"]) == ("F1", "cp1250")
    await desk.runs("import_file", ADA, HERE, "cp1250")
    assert desk.importing.encodings == ["cp1250", "cp1250", "cp1250"]


async def test_a_single_item_beside_refused_rows_is_looked_at_first() -> None:
    desk = a_desk(preview(1, refused=REFUSED))
    await desk.runs("look_at_file")
    assert (desk.told, desk.importing.brought_in) == ([("whisper", ADA.id)], 0)
    assert "Import" in desk.text


async def test_a_file_with_nothing_new_is_said_privately_row_by_row() -> None:
    desk = a_desk(preview(0, known=3, refused=(RefusedRow(2, "no date"),)))
    await desk.runs("look_at_file")
    assert desk.told == [("whisper", ADA.id)]
    assert "Nothing new in F1.csv: 3 already here." in desk.text
    assert "Row 2: no date" in desk.text
    assert blocks.CONFIRM not in desk.text


@pytest.mark.parametrize("job", ["look_at_file", "look_at_dropped", "import_file"])
@pytest.mark.parametrize(
    "fault",
    [
        WrongInput("F1.csv is no CSV.", advice="Export it again."),
        StorageUnavailable("Redis does not answer."),
    ],
)
async def test_a_file_that_cannot_be_read_is_one_private_sentence(job: str, fault: Exception) -> None:
    desk = a_desk(fault)
    await desk.runs(job)
    (told,) = desk.slack.told
    assert (told.how, told.where, told.what["text"]) == ("whisper", ADA.id, str(fault))


@pytest.mark.parametrize("job", ["look_at_file", "import_file"])
async def test_who_handed_over_a_file_hears_of_an_unforeseen_fault_too(job: str) -> None:
    desk = a_desk(RuntimeError("row 7: 1234"))
    with structlog.testing.capture_logs() as log:
        await desk.runs(job)
    assert f"reference {log[0]['reference']}" in desk.text
    assert "1234" not in desk.text


async def test_a_file_of_which_nothing_can_be_taken_in_says_why() -> None:
    """C28: the fault of a whole file has no row."""
    desk = a_desk(preview(0, refused=(RefusedRow(0, "the invoice has no number"),)))
    await desk.runs("look_at_file")
    assert desk.told == [("whisper", ADA.id)]
    assert "Nothing of F1.csv can be taken in." in desk.text
    assert "Refused\\nthe invoice has no number" in desk.text


async def test_a_table_nobody_knows_is_asked_about_where_it_was_meant_for_us() -> None:
    """C28: with its headings on the button; in a channel, where people share tables too, it is left alone."""
    for job, channel, told in (
        ("look_at_file", HERE, 1),
        ("look_at_dropped", "D1", 1),
        ("look_at_dropped", HERE, 0),
    ):
        desk = a_desk(UnknownFile("F1.csv is no Dext export.", advice="Give another."))
        desk.slack.content = b"Firma;Konto\nAcme;429\n"
        await desk.runs(job, channel=channel)
        assert len(desk.told) == told
        if told:
            assert "The columns of F1.csv are not known." in desk.text
            (button,) = desk.slack.told[0].what["blocks"][-1]["elements"]
            assert json.loads(button["value"])["headings"] == ["Firma", "Konto"]


# --- the import


async def test_several_items_come_as_one_summary() -> None:
    desk = a_desk(preview(40, known=2, refused=REFUSED))
    await desk.runs("import_file")
    assert desk.told == [("post", HOME)]
    assert "40 items* from F1.csv, by <@UADA>" in desk.text
    assert "Row 7: total “x” is not an amount" in desk.text


async def test_what_goes_by_itself_is_said_in_the_summary() -> None:
    """S26."""
    desk = Desk(FakeImporting(preview(3), going=2))
    await desk.runs("import_file")
    assert "2 of them go by themselves" in desk.text


async def test_a_second_import_of_a_file_says_that_all_is_here() -> None:
    desk = a_desk(preview(0, known=40))
    await desk.runs("import_file")
    assert desk.told == [("whisper", ADA.id)]
    assert "Nothing new in F1.csv: 40 already here." in desk.text


# --- supplier lists


async def test_a_supplier_list_is_looked_at_first_and_becomes_rules() -> None:
    """C7 C28."""
    desk = a_desk(preview(0, rules=RULES, is_supplier_list=True, refused=REFUSED))
    await desk.runs("look_at_file")
    assert "*1 supplier rule would change* from F1.csv" in desk.text
    assert "1 new · 0 changed · 2 the same · 1 with neither category nor currency · 1 refused" in desk.text
    await desk.runs("import_file")
    assert "1 supplier rule new and 0 changed by F1.csv." in desk.slack.told[-1].text


async def test_a_supplier_list_that_changes_nothing_says_so() -> None:
    desk = a_desk(preview(0, rules=Plan(same=4), is_supplier_list=True))
    await desk.runs("look_at_file")
    assert "Nothing new in F1.csv: 4 supplier rules already so." in desk.text


@pytest.mark.parametrize("job", ["look_at_file", "look_at_dropped", "import_file"])
async def test_only_an_admin_may_hand_over_a_supplier_list(job: str) -> None:
    """Rules are an Admin's."""
    desk = a_desk(preview(0, rules=RULES, is_supplier_list=True))
    await desk.runs(job, BEN)
    assert desk.told == [("whisper", BEN.id)]
    assert "Only an Admin can change supplier rules. <@UADA> is an Admin." in desk.text
    assert desk.importing.brought_in == 0


# --- dropped


async def test_a_dropped_file_is_looked_at_like_any_other() -> None:
    """C28."""
    for channel, told in ((HOME, ("whisper", ADA.id)), (DIRECT, ("direct", ADA.id))):
        desk = a_desk(preview(3))
        await desk.runs("look_at_dropped", channel=channel)
        assert desk.told == [told]
        assert "3 items would come in" in desk.text


async def test_who_drops_a_file_in_the_direct_message_hears_where_it_went() -> None:
    desk = a_desk(preview(1))
    await desk.runs("look_at_dropped", channel=DIRECT)
    assert desk.told == [("post", HOME), ("direct", ADA.id)]
    assert f"1 item from F1.csv: see <#{HOME}>." in desk.slack.told[-1].text


async def test_a_dropped_file_of_another_kind_is_answered_privately_only() -> None:
    """People share pictures in a channel; in the direct message a file is meant for the bot."""
    unknown = UnknownFile("F1.csv is a picture.", advice="Send it by hand.")
    desk = a_desk(unknown)
    await desk.runs("look_at_dropped", channel=HOME)
    assert desk.told == []
    await desk.runs("look_at_dropped", channel=DIRECT)
    assert [one.what["text"] for one in desk.slack.told] == ["F1.csv is a picture. Send it by hand."]


async def test_a_picture_in_a_channel_is_not_even_fetched() -> None:
    desk = a_desk(preview(1))
    desk.slack.name = "holiday.JPG"
    await desk.runs("look_at_dropped", channel=HOME)
    assert (desk.told, desk.slack.fetched) == ([], 0)


async def test_other_peoples_bots_are_left_alone() -> None:
    for channel in (HOME, DIRECT):
        desk = a_desk(preview(2))
        await desk.runs("look_at_dropped", ROBOT, channel)
        assert (desk.told, desk.slack.fetched) == ([], 0)
