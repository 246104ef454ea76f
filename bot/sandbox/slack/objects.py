"""Checks of Block Kit's composition objects: text, option, option group, confirm, an object's fields.

https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.models import Json


class Findings(list[str]):
    """What is wrong, each with the JSON pointer Slack would give."""

    def add(self, message: str, where: str) -> None:
        """One more fault at `where`, a JSON pointer."""
        self.append(f"{message} [json-pointer:{where}]")


def check_fields(
    thing: Json, where: str, findings: Findings, *, required: Iterable[str] = (), optional: Iterable[str] = ()
) -> bool:
    """Every required field is there and no unknown one. False when a required one is missing."""
    required = frozenset(required)
    allowed = required | frozenset(optional) | {"type"}
    for name in thing:
        if name not in allowed:
            findings.add(f"additional property not allowed: {name}", f"{where}/{name}")
    missing = sorted(name for name in required if thing.get(name) is None)
    for name in missing:
        findings.add(f"missing required field: {name}", where)
    return not missing


def check_string(value: Any, most: int, where: str, findings: Findings, *, least: int = 0) -> None:
    """A string of `least` to `most` characters."""
    if not isinstance(value, str):
        findings.add("must be a string", where)
    elif len(value) > most:
        findings.add(f"must be less than {most + 1} characters", where)
    elif len(value) < least:
        findings.add(f"must be more than {least - 1} characters", where)


def check_text(
    value: Any, most: int, where: str, findings: Findings, *, plain_only: bool = False, least: int = 1
) -> None:
    """A text object: `plain_text` or `mrkdwn`, with its length."""
    if not isinstance(value, dict):
        findings.add("must provide an object", where)
        return
    kind = value.get("type")
    if kind not in ("plain_text", "mrkdwn"):
        findings.add(f"unsupported type: {kind}", f"{where}/type")
        return
    if plain_only and kind != "plain_text":
        findings.add("must be plain_text", f"{where}/type")
    extra = "emoji" if kind == "plain_text" else "verbatim"
    if check_fields(value, where, findings, required=("text",), optional=(extra,)):
        check_string(value["text"], most, f"{where}/text", findings, least=least)


def check_identifier(value: Any, where: str, findings: Findings) -> None:
    """An action, block, callback or external id."""
    check_string(value, limits.IDENTIFIER, where, findings, least=1)


def check_confirm(value: Any, where: str, findings: Findings) -> None:
    """A confirmation dialog. https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object"""
    if not isinstance(value, dict):
        findings.add("must provide an object", where)
        return
    if not check_fields(
        value, where, findings, required=("title", "text"), optional=("confirm", "deny", "style")
    ):
        return
    check_text(value["title"], limits.CONFIRM_TITLE, f"{where}/title", findings, plain_only=True)
    check_text(value["text"], limits.CONFIRM_TEXT, f"{where}/text", findings)
    for button in ("confirm", "deny"):
        if button in value:
            most = limits.CONFIRM_BUTTON
            check_text(value[button], most, f"{where}/{button}", findings, plain_only=True)
    check_style(value, where, findings)


def check_style(thing: Json, where: str, findings: Findings) -> None:
    """`primary` or `danger`; `default` is left out, not named."""
    if "style" in thing and thing["style"] not in ("primary", "danger"):
        findings.add(f"unsupported style: {thing['style']}", f"{where}/style")


def check_option(
    value: Any, where: str, findings: Findings, *, plain_only: bool = True, url: bool = False
) -> None:
    """An option: text 75, value 150, description 75. `url` only in overflow menus."""
    if not isinstance(value, dict):
        findings.add("must provide an object", where)
        return
    optional = ("description", "url") if url else ("description",)
    if not check_fields(value, where, findings, required=("text", "value"), optional=optional):
        return
    check_text(value["text"], limits.OPTION_TEXT, f"{where}/text", findings, plain_only=plain_only)
    check_string(value["value"], limits.OPTION_VALUE, f"{where}/value", findings, least=1)
    if "description" in value:
        check_text(
            value["description"],
            limits.OPTION_DESCRIPTION,
            f"{where}/description",
            findings,
            plain_only=plain_only,
        )
    if "url" in value:
        check_string(value["url"], limits.OPTION_URL, f"{where}/url", findings, least=1)


def check_options(
    value: Any, most: int, where: str, findings: Findings, *, plain_only: bool = True, url: bool = False
) -> None:
    """A list of 1 to `most` options whose values are told apart."""
    if not isinstance(value, list) or not value:
        findings.add("must provide at least one option", where)
        return
    if len(value) > most:
        findings.add(f"no more than {most} items allowed", where)
    for number, option in enumerate(value):
        check_option(option, f"{where}/{number}", findings, plain_only=plain_only, url=url)
    values = [option.get("value") for option in value if isinstance(option, dict)]
    if len(set(map(str, values))) != len(values):
        findings.add("option values must be unique", where)


def check_option_groups(value: Any, where: str, findings: Findings) -> None:
    """Up to 100 groups, each with a label of 75 and up to 100 options."""
    if not isinstance(value, list) or not value:
        findings.add("must provide at least one option group", where)
        return
    if len(value) > limits.SELECT_GROUPS:
        findings.add(f"no more than {limits.SELECT_GROUPS} items allowed", where)
    for number, group in enumerate(value):
        here = f"{where}/{number}"
        if not isinstance(group, dict):
            findings.add("must provide an object", here)
        elif check_fields(group, here, findings, required=("label", "options")):
            check_text(group["label"], limits.GROUP_LABEL, f"{here}/label", findings, plain_only=True)
            check_options(group["options"], limits.SELECT_OPTIONS, f"{here}/options", findings)


def all_options(element: Json) -> list[Json]:
    """The options of an element, groups flattened."""
    options = _list(element.get("options"))
    for group in _list(element.get("option_groups")):
        options += _list(group.get("options")) if isinstance(group, dict) else []
    return options


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def check_initial_options(element: Json, where: str, findings: Findings) -> None:
    """What is chosen at first must be among the options, equal in every part."""
    initial = element.get("initial_options", [])
    if not isinstance(initial, list) or ("initial_options" in element and not initial):
        findings.add("must provide at least one option", f"{where}/initial_options")
        return
    if "initial_option" in element:
        initial = [element["initial_option"]]
    offered = [_comparable(option) for option in all_options(element) if isinstance(option, dict)]
    for option in initial:
        if not isinstance(option, dict) or _comparable(option) not in offered:
            findings.add("initial option must exactly match one of the options", f"{where}/initial_option")


def _comparable(option: Json) -> tuple[Any, ...]:
    def text(value: Any) -> Any:
        return (value.get("type"), value.get("text")) if isinstance(value, dict) else value

    return (option.get("value"), text(option.get("text")), text(option.get("description")))
