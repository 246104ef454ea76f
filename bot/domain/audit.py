"""The log of a business: who did what, when, and how that reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.identity import ItemId, PersonId


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log. `what` is a word pair such as `connection.finished`, `item.published`,
    `refused.connect`; `about` an item or setting; before and after are short texts without secrets."""

    at: datetime
    who: PersonId
    what: str
    about: str = ""
    before: str = ""
    after: str = ""

    @property
    def item(self) -> ItemId:
        """The item it is about; empty where it is about something else."""
        return ItemId(self.about if self.what.startswith(_OF_ITEMS) else "")


_OF_ITEMS = ("item.", "supplier.created", "duplicate.")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is read: `name` of who did it, `says` what was done."""

    entry: LogEntry
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What a look at the whole log found."""

    entries: int
    is_whole: bool
    broken_at: datetime | None = None
    """The time of the first entry that is not what was written, where there is one to name."""

    @property
    def words(self) -> str:
        """`142 entries, chain unbroken`."""
        number = "1 entry" if self.entries == 1 else f"{self.entries:,} entries"
        if self.is_whole:
            return f"{number}, chain unbroken"
        where = f" at the entry of {self.broken_at:%d %b %Y, %H:%M} UTC" if self.broken_at else " at its end"
        return f"{number}, chain BROKEN{where}: the log was changed by hand"


_DONE: Mapping[str, str] = {
    "alias.remembered": "remembered that {about} is {after}",
    "alias.forgotten": "forgot that {about} is {before}",
    "api_key.made": "made the API key {about}, which {after}",
    "api_key.withdrawn": "withdrew the API key {about}",
    "columns.chosen": "chose the columns of a supplier list: {after}",
    "connection.link_made": "began to connect",
    "connection.signed_in": "signed in at the accounting software",
    "connection.sign_in_failed": "could not sign in: {after}",
    "connection.finished": "connected {after}",
    "connection.reconnected": "reconnected {after}",
    "connection.disconnected": "disconnected {before}",
    "connection.switch_asked": "asked to connect {after} instead of {before}",
    "connection.switch_agreed": "agreed that {about} connects {after} instead of {before}",
    "connection.switch_refused": "refused to {about} to connect {after} instead of {before}",
    "connection.broken": "found the connection to {about} broken: {after}",
    "connection.mended": "found the connection to {about} mended, which was broken: {before}",
    "duplicate.same": "said that {about} is the same document as {after}",
    "duplicate.different": "said that {about} is another document than {after}",
    "duplicate.replaced": "said that {about} stands instead of {after}",
    "duplicate.asked_again": "asked again whether {about} is the same document as {before}",
    "item.publish_asked": "asked to publish {about}",
    "item.payment_asked": "asked to book the payment of {about} again",
    "item.paid": "booked the payment of {about}",
    "item.payment_failed": "could not book the payment of {about}: {after}",
    "item.void_there": "made {before} void in Zoho Books",
    "item.deleted_there": "deleted {before} in Zoho Books",
    "auto.declined": "wants items of {about} to be published by hand",
    "item.undone": "put {about} back into the inbox, without {before}",
    "item.undo_failed": "could not take {before} back: {after}",
    "item.found": "found {about} in Zoho Books as {after}, booked by an earlier try",
    "item.not_booked": "said that {about} is not in Zoho Books",
    "item.published": "published {after}",
    "item.auto_published": "published {about} by itself: {after}",
    "item.held": "held {about}: {after}",
    "item.went_on": "let {about} go on",
    "item.publish_stopped": "could not publish {about}: {after}",
    "item.publish_failed": "could not publish {about}: {after}",
    "item.publish_prevented": "could not publish {about}, nothing was sent: {after}",
    "item.not_ready": "could not publish {about}, which is not ready: {after}",
    "item.goes_by_itself": "will publish {about} by itself: {after}",
    "item.kept_back": "kept {about} back from going by itself",
    "item.not_by_itself": "did not publish {about} by itself: {after}",
    "item.recoded": "changed {about}: {after}",
    "item.rejected": "rejected {about}",
    "item.restored": "put back {about}",
    "item.added": "added {about} by hand",
    "item.books_paid": "found {about} paid in Zoho Books",
    "item.books_partly_paid": "found {about} partly paid in Zoho Books: {after}",
    "item.books_payment_taken_back": "found a payment of {about} taken back in Zoho Books",
    "item.books_void": "found {about} void in Zoho Books",
    "item.books_deleted": "found {about} deleted in Zoho Books",
    "item.books_restored": "found {about} no longer void in Zoho Books",
    "item.books_opened": "found {about} no longer a draft in Zoho Books",
    "item.books_made_draft": "found {about} a draft in Zoho Books",
    "item.books_submitted": "found {about} waiting for approval in Zoho Books",
    "item.books_approved": "found {about} approved in Zoho Books",
    "item.books_rejected": "found {about} rejected in Zoho Books",
    "item.books_changed": "found {about} changed in Zoho Books: {after}",
    "item.perhaps_in_books": "found that {about} is perhaps entered in Zoho Books already: {after}",
    "item.late_in_books": "found what an earlier try of {about} booked in Zoho Books after all: {after}",
    "item.receipt_perhaps_in_books": "found a receipt of {about} perhaps in Zoho Books already: {after}",
    "item.alone": "said that {about} is published alone, and not in an expense claim",
    "item.claim_made": "made the expense claim {about} of {after}",
    "item.claim_changed": "changed the receipts of {about} from {before} to {after}",
    "item.claim_dissolved": "dissolved the expense claim {about}; {before} went back to the inbox",
    "item.joined_claim": "put {about} into the expense claim {after}",
    "item.left_claim": "took {about} out of the expense claim {before}",
    "item.file_sent": "sent the file {after} of {about}",
    "item.file_refused": "could not send a file of {about}: {after}",
    "item.file_asked": "asked to send {after} of {about} again",
    "items.imported": "imported {about}: {after}",
    "items.received": "took in what {about} sent: {after}",
    "items.released": "let held items go on: {after}",
    "items.publish_many": "asked to publish {after}",
    "items.publish_many_stopped": "stopped publishing {after}",
    "items.publish_many_went_on": "went on publishing {after}",
    "items.publish_many_over": "finished publishing {after}",
    "lists.refresh_asked": "asked to refresh the lists",
    "lists.refreshed": "refreshed the lists: {after}",
    "lists.refresh_failed": "could not refresh the lists: {after}",
    "log.exported": "exported the log: {after}",
    "rules.exported": "exported the rules: {after}",
    "probe.problem": "found a problem with the connection: {after}",
    "probe.gone": "found a problem with the connection gone: {before}",
    "refused.role": "was refused, not being {after}: {about}",
    "supplier.created": "created the supplier {after}",
    "customer.created": "created the customer {after}",
}
_CHANGED: Mapping[str, str] = {
    "settings.changed": "changed {about}",
    "roles.changed": "changed who the {about} are",
    "digest.own": "changed when they get a digest of their own",
    "rule.changed": "changed the rule for {about}",
    "payment_method.changed": "changed what the payment method {about} stands for",
}
IN_BOOKS = "item.books_"
"""Before what happened to an item's record in the accounting software, in `what`."""
MANAGED = ("settings.changed", "lists.refresh", "connection.")
"""How what is managed on the Connections page begins in `what`: settings, lists, the connection itself."""
RECODED = "item.recoded"
"""A rule or a remembered name changed what an item gets."""
EDITED = "item.edited."
"""Before the field's name, in `what`."""
_BY_ITSELF = {
    "auto.declined",
    "item.auto_published",
    "item.goes_by_itself",
    "item.kept_back",
    "item.not_by_itself",
}
"""What `auto` finds besides the switches of auto-publish."""
_ROLE = {"ADMIN": "an Admin", "APPROVER": "an Approver", "MEMBER": "a member"}


def words(entry: LogEntry, about: str = "") -> str:
    """What was done, after the name of who did it: `published bill NW-1001`, `changed Channel: none →
    #finance`. `about` is how people call what the entry is about, when that is better than its id."""
    about = about or entry.about
    if entry.what.startswith(EDITED):
        name = entry.what.removeprefix(EDITED).replace("_", " ")
        return _arrow(f"changed the {name} of {about}", entry)
    if entry.what in _CHANGED:
        return _arrow(_CHANGED[entry.what].format(about=about), entry)
    if entry.what in _DONE:
        after = _ROLE.get(entry.after, entry.after)
        said = _DONE[entry.what].format(about=about, before=entry.before, after=after)
        if entry.what == "item.published" and about and about != entry.about:
            said += f" ({about})"
        return said.strip().rstrip(":").strip()
    plain = entry.what.replace(".", " ").replace("_", " ")
    return _arrow(f"{plain} {about}".strip(), entry)


def _arrow(said: str, entry: LogEntry) -> str:
    if not (entry.before or entry.after):
        return said
    return f"{said}: {entry.before or 'none'} → {entry.after or 'none'}"


def latest_managed(newest_first: Iterable[LogEntry]) -> list[LogEntry]:
    """The latest of each kind of thing that is managed on the Connections page, in the page's order."""
    found: dict[str, LogEntry] = {}
    for entry in newest_first:
        for kind in MANAGED:
            if entry.what.startswith(kind):
                found.setdefault(kind, entry)
    return [found[kind] for kind in MANAGED if kind in found]


_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$")


def person_in(word: str) -> PersonId | None:
    """Whom Slack's own form of a mention names: `<@U123|ada>`."""
    found = _PERSON.match(word.strip())
    return PersonId(found[1]) if found else None


def concerns(
    entry: LogEntry, word: str, names: Mapping[PersonId, str] | None = None, about: str = ""
) -> bool:
    """Whether a word, a mention or a person's name is in an entry."""
    if not word:
        return True
    if person := person_in(word):
        return person in (entry.who, entry.about) or person in f"{entry.before} {entry.after}".split()
    wanted = word.strip().lstrip("@").casefold()
    if wanted == (names or {}).get(entry.who, "").casefold():
        return True
    kind = "auto-publish" if entry.what in _BY_ITSELF else ""
    whole = f"{kind} {entry.what} {words(entry, about)} {entry.about} {entry.before} {entry.after}"
    return wanted in whole.casefold()
