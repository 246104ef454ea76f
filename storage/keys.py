"""Every key's name, lifetime and owner.

A business's keys share one hash tag, so that they live on one node and no code path reaches another
business's by accident. A namespace (`dext` in production) keeps tests apart.

Key: what it holds; how long it lives (module of its owner).

- `{T:b}:connection, :credentials`: the connection, tokens, encrypted; until disconnected (connections)
- `{T:b}:sign-in:person:U, :credentials:U`: a sign-in under way, its tokens; 10 or 30 minutes (signins)
- `{T:b}:sign-in:link:H, :state:H`: by hashed link and state: whose it is; 10 minutes, once (signins)
- `{T:b}:settings, :rules`: what an Admin set; for ever (settings)
- `{T:b}:roles`: who is Admin and Approver, once it was said; for ever (roles)
- `{T:b}:lists, :list:GENERATION:KIND:…`: the current generation, its entries; until the next (lists)
- `{T:b}:lists-added`: entries created during a refresh; until it ends (lists)
- `{T:b}:mapping`: the way to another organisation's lists; until the next (mappings)
- `{T:b}:former:ORGANISATION`: what rules, settings and items held there; for ever (mappings)
- `{T:b}:report:ID:…`: what a refresh changed, an index of it, what it touches; a month (reports)
- `{T:b}:refresh, :refresh-lease`: the latest refresh, the one that runs; for ever, 10 minutes (refreshes)
- `{T:b}:items, :externals, :stage:S`: items, by external id, by stage; for ever (items)
- `{T:b}:filed:TERM`: items by what a duplicate would share with them, and by word; for ever (items)
- `{T:b}:filed:words`: the words that items are found by, to look up their beginnings; for ever (items)
- `{T:b}:looked-for`: by item, the terms under which it finds those; for ever (items)
- `{T:b}:answers`: what was said of two items alike; until taken back (duplicates)
- `{T:b}:columns`: which column of a supplier list is what, by its headings; for ever (columns)
- `{T:b}:aliases`: what names of suppliers stand for; until forgotten (aliases)
- `{T:b}:records`: by a record's kind and id the publication that made it; for ever (items)
- `{T:b}:watch, :in-books`: the look at the books, records there that we did not make; until another
  organisation is connected, the newest two thousand (watch)
- `{T:b}:found, :cards-behind`: what the looks found, by when; cards to bring up to date (watch)
- `{T:b}:publications, :open`: publications, those not recorded yet; for ever (items)
- `{T:b}:many:ID, :many-open`: many published at once, those that run; 30 days, until over (many)
- `{T:b}:numbers`: numbers of records we made, by kind and supplier; for ever (numbers)
- `{T:b}:attachment:ITEM:FILE`: a file, encrypted; a week until its item is in, then until 90 days after it
  was published (attachments)
- `{T:b}:attaching`: items whose files are on their way to a record; until they are there (attachments)
- `{T:b}:api-keys, :api-keys-used`: keys of the item API, hashed, when each was last used; until withdrawn
  (api_keys)
- `{T:b}:api-calls:KEY`: the calls of a key in the last minute; a minute (api_keys)
- `{T:b}:api-answer:KEY:H`: what was answered under an Idempotency-Key, hashed; 7 days (answers)
- `{T:b}:log, :log-head`: the log, hash-chained, its last hash; for ever (log)
- `{T:b}:history`: the log's entries about each item; for ever (history)
- `{T:b}:recodings, :recodings-told`: rules and names before changes that are still to be told on items; until
  told (recodings)
- `{T:b}:threads-behind, :threads-told`: cards whose thread has more to tell, how far; for ever (history)
- `{T:b}:budget:ORGANISATION:…`: minute, slots, block, day; seconds to a day (budget)
- `{T:b}:budget:ORGANISATION:at-once`: how many calls the plan allows at once; for ever (budget)
- `{T:b}:renewals:NAME`: when tokens were renewed; ten minutes (connections)
- `{T:b}:lock:NAME`: a lock; its lease (base)
- `{T:b}:streaks`: by supplier, publishes by hand that were coded alike; for ever (auto)
- `{due}:auto`: items that go by themselves, by when; until they went or were kept back (auto)
- `{T:b}:probe, :digest`: what the last probe found, the last digest; for ever (daily)
- `{T:b}:homes, :pages`: who opened App Home, Connections pages in windows, what they show; a day (homes)
- `{due}:refresh, {businesses}`: when refreshes are due, who is connected; for ever (refreshes, connections)
- `{T:b}:own-digests, {due}:own-digests`: who gets a digest alone, when; until they end it (daily)
- `{due}:digest, {due}:probe, {due}:sign-in, {due}:watch, {homes}`: the same for daily work, for open Homes;
  for ever (due, homes)
- `{T}:person:U, {T}:seen:ID`: people of the workspace, deliveries seen; minutes, an hour (people, seen)
- `{NAME}:… (no prefix)`: the job queue, pydocket's own; until done (queue)
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.identity import Business, WorkspaceId
from bot.domain.schedule import Daily

NAMESPACE = "dext"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one business."""

    business: Business
    namespace: str = NAMESPACE

    def __call__(self, *parts: str) -> str:
        return f"{self.namespace}:{{{self.business}}}:{':'.join(parts)}"


@dataclass(frozen=True, slots=True)
class SharedKeys:
    """The few keys that span businesses or belong to a workspace."""

    namespace: str = NAMESPACE

    @property
    def due(self) -> str:
        return f"{self.namespace}:{{due}}:refresh"

    def daily(self, work: Daily) -> str:
        return f"{self.namespace}:{{due}}:{work.value}"

    @property
    def homes(self) -> str:
        return f"{self.namespace}:{{homes}}"

    @property
    def businesses(self) -> str:
        return f"{self.namespace}:{{businesses}}"

    @property
    def own_digests(self) -> str:
        return f"{self.namespace}:{{due}}:own-digests"

    @property
    def auto(self) -> str:
        return f"{self.namespace}:{{due}}:auto"

    def person(self, workspace: WorkspaceId, person: str) -> str:
        return f"{self.namespace}:{{{workspace}}}:person:{person}"

    def seen(self, workspace: WorkspaceId, delivery: str) -> str:
        return f"{self.namespace}:{{{workspace}}}:seen:{delivery}"
