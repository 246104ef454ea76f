"""Keys of the item API: the list with the form of a new one, and a new key, shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.api_keys import LONGEST_NAME, ApiKey, KeyRight
from bot.slack.blocks.parts import (
    Block,
    View,
    button,
    context,
    divider,
    field,
    modal,
    option,
    plain,
    radio,
    section,
    text_input,
)
from bot.slack.text import brief, mention, moment

MAKE = "api_key.make"
WITHDRAW = "api_key.withdraw"
SHOWN = "api_key.shown"
_RIGHTS = {
    KeyRight.ADD: ("Add items and read them", "For Zapier, Make, Dext or a script that sends items"),
    KeyRight.READ: ("Only read items", "For a report that asks what became of them"),
}


def page(keys: Sequence[ApiKey], meta: Mapping[str, Any]) -> View:
    """The keys there are, under the form of a new one."""
    rights = [option(name, right.value, hint) for right, (name, hint) in _RIGHTS.items()]
    chosen = radio("value", rights) | {"initial_option": rights[0]}
    blocks: list[Block] = [
        context("A key lets another program bring items into this inbox. Whoever has it can do that too."),
        field("Name", "name", text_input(longest=LONGEST_NAME), hint="What will use it, such as Zapier"),
        field("It may", "right", chosen),
        divider(),
        *(section(_line(key), _withdraw(key)) for key in keys),
    ]
    if not keys:
        blocks.append(section("No keys yet."))
    return modal("API keys", blocks, callback=MAKE, submit="Make a key", meta=meta)


def _line(key: ApiKey) -> str:
    used = f"last used {moment(key.used_at)}" if key.used_at else "never used"
    made = f"Made by {mention(key.made_by)}, {moment(key.made_at)} · {used}"
    return f"*{brief(key.name)}*  dxt_…{key.last_four} · {key.right.words}\n{made}"


def _withdraw(key: ApiKey) -> Block:
    ask = {
        "title": plain("Withdraw this key?", 100),
        "text": plain(f"What uses {key.name} can send nothing from then on. Items stay.", 300),
        "confirm": plain("Withdraw", 30),
        "deny": plain("Keep it", 30),
        "style": "danger",
    }
    return button("Withdraw", WITHDRAW, key.id) | {"confirm": ask}


def made(name: str, token: str, address: str, meta: Mapping[str, Any]) -> View:
    """The only place where the key is ever shown."""
    blocks = [
        section(f"🟢 The key for *{brief(name)}*. Copy it now: it is not shown again."),
        section(f"```{token}```"),
        context(f"Send it as `Authorization: Bearer …` to `{address}`."),
    ]
    return modal("New API key", blocks, callback=SHOWN, close="Done", meta=meta)
