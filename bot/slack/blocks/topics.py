"""Help by topic: `/dext help auto-publish`. A topic is one entry of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.slack.blocks.parts import Message, message, section


@dataclass(frozen=True)
class Topic:
    """`paragraphs` are ours and may hold markup."""

    title: str
    paragraphs: tuple[str, ...]


TOPICS: Mapping[str, Topic] = {
    "auto-publish": Topic(
        "Auto-publish",
        (
            "Items that arrive where it is switched on are published by themselves. Only what arrives "
            "afterwards goes; what lay in the inbox before stays.",
            "*Where it is switched on.* Per supplier in `/dext rules` (the best one, after the rule has a "
            "category); per payment account or for everything in `/dext settings`. Where several are on, "
            "the payment account's goes before the supplier's, and that before everything. "
            "The lowest limit holds.",
            "*What does not go.* Kinds of documents under *Never by themselves*, on all levels; items above "
            "the limit, or in another currency without a rate to compare with it; items that need attention, "
            "or whose card shows something to look at (a tax amount that is not the rate's, no date, "
            "something that is left out); a new supplier while the warning is on. The item's thread says "
            "why.",
            "*Hold and Undo.* An item waits some minutes first; *Undo* on its card keeps it back for a "
            "person. Afterwards *Undo* in the card's `⋯` menu takes the record back in Zoho Books.",
            "*What went by itself.* The card says by what and who switched it on, the thread and *History* "
            "in the `⋯` menu say when. Admins see all of it with `/dext log auto`.",
        ),
    ),
    "needs": Topic(
        "What an item needs",
        (
            "A supplier (a sale a customer), a category, a total, and a date after the lock dates. What was "
            "paid needs the account it was paid from, a bill a number that its supplier has not used yet.",
            "After `/dext connect` this names the organisation's own accounts, taxes and currencies.",
        ),
    ),
    "rules": Topic(
        "Rules",
        (
            "A rule says what items of a supplier, on sales of a customer, get when nobody set it by hand: "
            "category, tax, days until due, payment account, currency, description, what they become, and "
            "whether they go by themselves.",
            "*Which value wins.* What a person changed on the item, then the rule, then the document, then "
            "the default tax of `/dext settings`. A rule's currency counts where the document names none. "
            "The card names the one behind each value.",
            "*The quickest way to one.* *Edit* an item, set category and tax, and tick the box that makes it "
            "the supplier's rule; the second box takes back what was set by hand on its other waiting items. "
            "Admins see and change all rules with `/dext rules`.",
            "*What a change does.* It counts for waiting items at once; the thread of each that it changed "
            "says so, before → after.",
            "*Conflicts and CSV.* `/dext rules` lists rules that cannot do what they say, with buttons that "
            "mend them. *Export CSV* sends you all rules; `/dext import` reads the file back.",
        ),
    ),
    "duplicates": Topic(
        "Duplicates",
        (
            "An item that may be the same document as another one waits, and its card says of which and why: "
            "same supplier, number and total; on receipts date, total and owner; the same file; or nearly "
            "so. Bills of every week or month are not asked about.",
            "*Duplicate?* on the card shows both side by side. An Approver says *same* (this one is "
            "rejected), *different* (never asked again) or *replace the other*; *Ask again* takes it back. "
            "Nothing is deleted.",
            "*Switched off* for everything in `/dext settings`, or for one supplier in its rule.",
        ),
    ),
    "payments": Topic(
        "Payment methods",
        (
            "A document says what it was paid with, such as Visa ∗4242. Where that is none of your accounts, "
            "its card asks once: *Choose account*, and for payments of bills and sales receipts the payment "
            "mode. It counts for what waits and for what comes later, however the digits are marked.",
            "*Which account wins.* What a person changed on the item, then the supplier's rule, then what "
            "was chosen for the payment method, then an account that the document names.",
            "Approvers choose; Admins see, change and forget what was chosen in `/dext rules`.",
        ),
    ),
    "claims": Topic(
        "Expense claims",
        (
            "An expense claim is one open bill of the person who spent the money, with a line for each "
            "receipt. `/dext claim` makes one; *Add to a claim* in a card's `⋯` menu puts a receipt into it.",
            "*A receipt in a claim* is booked with it and never alone; `/dext items in claim` shows them. "
            "Its category and tax are those it would have alone; *Edit* it to change them. *Take out* and "
            "*Dissolve* give receipts back to the inbox.",
            "*From Dext.* An export does not say which receipts are in which claim. Where a person's claimed "
            "receipts come to the claim's total in one way only, they are put in; otherwise *Choose "
            "receipts*. A claimed receipt is not published alone unless an Approver says so.",
        ),
    ),
    "import": Topic(
        "Import",
        (
            "`/dext import` takes Dext CSV exports, e-invoices (UBL, CII, and PDFs that have them inside) "
            "and supplier lists as CSV. A file may also be dropped into the business's channel or into the "
            "direct message with the bot.",
            "Of a file with several items you see first what would come in. What is here already is not "
            "brought in twice; what is refused is said row by row.",
        ),
    ),
    "history": Topic(
        "History",
        (
            "What happens to an item and its card does not show is written in the card's thread: changes "
            "with before and after, what went or did not go by itself, failures, what was held and went on.",
            "*History* in the `⋯` menu of a card, or of a row in `/dext items`, shows all of it.",
        ),
    ),
    "books": Topic(
        "Changes in Zoho Books",
        (
            "Once a day, before the digest, the bot looks at what was done in Zoho Books without it. Cards "
            "and their threads say when a record of ours was paid, edited, approved, made void or deleted "
            "there; *Put back* lets a void one be published anew.",
            "A bill that somebody entered there and that is like an item here holds that item until somebody "
            "says whether it is the same. `/dext books` lists all that was found; `/dext settings` narrows "
            "it or switches it off.",
        ),
    ),
    "api": Topic(
        "Item API",
        (
            "Items may be sent from outside to `POST /api/v1/items`. An Admin makes the key with "
            "`/dext api-key`; `GET /api/v1/openapi.json` describes the rest.",
        ),
    ),
}
_ALSO = {
    "claim": "claims",
    "expense-claims": "claims",
    "expense-claim": "claims",
    "auto": "auto-publish",
    "autopublish": "auto-publish",
    "auto-publishing": "auto-publish",
    "duplicate": "duplicates",
}


def named(words: str) -> str:
    """The topic that somebody asked for; empty where it is none."""
    name = "-".join(words.lower().split())
    name = _ALSO.get(name, name)
    return name if name in TOPICS else ""


def page(name: str) -> Message:
    topic = TOPICS[name]
    return message(topic.title, section(f"*{topic.title}*"), *(section(text) for text in topic.paragraphs))


def offered() -> str:
    """For the foot of the help: what there is more about."""
    return "More about: " + " · ".join(f"`/dext help {name}`" for name in TOPICS)
