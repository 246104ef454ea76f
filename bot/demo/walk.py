"""The main job, step by step: what a person does, and what that person sees, said on the terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from bot.sandbox.slack import Person, SlackServer
from bot.sandbox.visitor import Visitor
from bot.sandbox.zoho_books import ZohoServer
from bot.sandbox.zoho_books.books import Organisation

SAMPLE = "costs_default_21col.csv"
PATIENCE_SECONDS = 30.0
WIDTH = 78


@dataclass
class Walk:
    """The main job, step by step, said on the terminal."""

    slack: SlackServer
    zoho: ZohoServer
    organisation: Organisation

    async def whole(self) -> None:
        ada = Person(self.slack, "ada", channel="#finance", patience=PATIENCE_SECONDS)
        before = len(self.organisation.rows["bills"])
        await self._connect(ada)
        await self._settings(ada)
        await self._import(ada)
        await self._publish(ada)
        await self._new_supplier(ada)
        await self._refused(ada)
        self._books(before)
        say("\nThat was the main job.")

    async def _connect(self, ada: Person) -> None:
        step("Ada, an Admin, types /dext connect and presses Connect")
        await ada.runs("/dext connect")
        await ada.clicks("Connect")
        await ada.sees_modal("Connect Zoho Books")
        show(ada)
        link = await ada.clicks("Connect software")
        step("She presses Connect software; in the browser she signs in and accepts")
        async with Visitor() as browser:
            say(await browser.opens(str(link)))
            await browser.follows("Continue to Zoho Books")
            say(await browser.presses("Accept", person="ada@held-out.example"))
        step("Back in Slack the window has gone on by itself: she chooses the organisation, Next, Finish")
        await ada.sees_modal("Select organisation")
        await ada.chooses("Organisation", self.organisation.id)
        show(ada)
        await ada.clicks("Next")
        await ada.clicks("Finish")
        await ada.sees_modal("Connections")
        await ada.closes(everything=True)
        await ada.sees("Refresh complete")
        show(ada)

    async def _settings(self, ada: Person) -> None:
        step("/dext settings: a default tax for costs")
        await ada.runs("/dext settings")
        await ada.chooses("Default tax for costs", "Standard Rate 20%")
        show(ada)
        await ada.clicks("Save")
        await ada.sees("Settings saved")

    async def _import(self, ada: Person) -> None:
        step(f"/dext import: a Dext export ({SAMPLE})")
        content = self.slack.client.samples[SAMPLE]
        await ada.runs("/dext import")
        await ada.uploads("File", content, SAMPLE)
        await ada.clicks("Import")
        step("She alone sees what would come in, and presses Import")
        await ada.sees("would come in")
        show(ada)
        await ada.clicks("Import", within="would come in")
        await ada.sees("Review")
        show(ada)

    async def _publish(self, ada: Person) -> None:
        step("She presses Review and publishes one")
        await ada.clicks("Review")
        await publish(ada, "NW-1001")
        await ada.sees("Published as bill NW-1001")
        await ada.closes(everything=True)
        show(ada)

    async def _new_supplier(self, ada: Person) -> None:
        step("A supplier that Zoho Books does not know: the bot asks first")
        await ada.runs("/dext items ready")
        await publish(ada, "Old Mill Hosting")
        await ada.sees_modal("New supplier")
        show(ada)
        await ada.clicks("Create supplier and publish")
        await ada.sees("for Old Mill Hosting")
        await ada.closes(everything=True)
        await ada.sees("Published as bill LEAP-1")
        show(ada)

    async def _refused(self, ada: Person) -> None:
        step("Somebody archives an account in Zoho Books: the next one with it is refused, in words")
        account = self.organisation.find("accounts", "account_name", "Printing")
        if account is not None:
            account["is_active"] = False
        await ada.runs("/dext items ready")
        await publish(ada, "Atelier Lumière")
        await ada.closes(everything=True)
        await ada.sees("Publishing failed")
        show(ada)

    def _books(self, before: int) -> None:
        step("What now stands in Zoho Books")
        for bill in self.organisation.rows["bills"][before:]:
            line = bill["line_items"][0]
            say(
                f"Bill {bill['bill_number']}  {bill['vendor_name']}  {bill['date']}, due {bill['due_date']}  "
                f"{line['account_name']}  {line['tax_name']}  {bill['currency_code']} {bill['total']:.2f}"
            )


async def publish(person: Person, words: str) -> None:
    """Turns the pages of the inbox to the item with these words, and presses its Publish."""
    await person.sees_modal("Items")
    while words not in person.screen():
        await person.clicks("Show more")
        await person.sees("Previous")
    await person.clicks("Publish", within=words, nth=0)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def step(text: str) -> None:
    say(f"\n── {text} ".ljust(WIDTH, "─"))


def show(person: Person) -> None:
    """What the person sees, indented."""
    say("\n".join(f"  │ {line}" for line in person.screen().splitlines()))
