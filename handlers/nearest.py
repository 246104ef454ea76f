"""What somebody meant who mistyped a word, or said it in words of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

NEAR = 60
MEANT: Mapping[str, str] = {
    "activity": "log", "admins": "roles", "approve": "publish", "approvers": "roles", "audit": "log",
    "autopublish": "rules", "bills": "items", "book": "publish", "categories": "rules", "channel": "settings",
    "config": "settings", "create": "add", "csv": "import", "defaults": "settings",
    "documents": "items", "export": "report", "health": "status", "inbox": "items", "invoices": "items",
    "key": "api-key", "list": "items", "login": "reconnect", "month": "report", "new": "add",
    "options": "settings", "organisation": "connections", "organization": "connections",
    "permissions": "roles", "preferences": "settings", "receipts": "items", "reload": "refresh",
    "send": "publish", "setup": "connect", "signin": "reconnect", "spend": "report", "suppliers": "rules",
    "sync": "refresh", "taxes": "settings", "token": "api-key", "unlink": "disconnect", "update": "refresh",
    "upload": "import", "users": "roles", "zoho": "connections",
}  # fmt: skip
"""Other usual words for commands."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like it; empty when none is near."""
    found = process.extractOne(word.lower(), list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
    return found[0] if found else ""


def meant(words: Sequence[str], known: Iterable[str]) -> str:
    """The command that somebody's words mean: one that is named among them (`show me the items`), another
    usual name of one, else the one most like the first word, then like any. Empty when none is near."""
    there = list(known)
    for word in words:
        if word in there:
            return word
    for part in (words[:1], words):
        for word in part:
            if MEANT.get(word) in there:
                return MEANT[word]
        for word in part:
            if found := nearest(word, there):
                return found
    return ""
