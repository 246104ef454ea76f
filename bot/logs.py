"""Log set-up: structured lines on one stream, and no secret in any of them.

`configure` is called once by the command line; nothing is configured at import time.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import Processor

HIDDEN = "[hidden]"
SHORTEST_SECRET = 6  # replacing shorter values would make the log unreadable
SECRET_NAMES = re.compile(
    r"(?i)token|secret|passw|authorization|cookie|api_?key|encryption|signature|^code$|^state$|private_metadata"
)
SECRET_SHAPES = re.compile(
    r"\bx(?:ox[a-z]|app)-[\w-]+"  # Slack's tokens
    r"|\b1000\.[0-9a-f]{16,}\.[0-9a-f]{16,}"  # Zoho's codes and tokens
    r"|\bdxt_[\w-]+"  # keys of the item API
    r"|(?<=://)[^/\s@]*:[^/\s@]+(?=@)"  # name and password in an address
    r"|(?i:(?<=token=)|(?<=secret=)|(?<=code=)|(?<=state=))[^&\s\"']+"
)
NOISY = (
    "httpx",
    "httpcore",
    "asyncio",
    "uvicorn",
    "slack_bolt",
    "slack_sdk",
    "apscheduler",
    "docket",
    "aiohttp",
    "pikepdf",
    "img2pdf",
    "PIL",
    "matplotlib",
    "fontTools",
)
"""Libraries that speak below a warning only to repeat what our own lines say; httpx even logs addresses."""


class Redactor:
    """A processor that hides secrets by name, by shape and by value."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({one for one in secrets if len(one) >= SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(re.escape(one) for one in known)) if known else None

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, value in event.items():
            if name.startswith("_"):  # structlog's own hand-over, taken out before anything is written
                continue
            event[name] = HIDDEN if SECRET_NAMES.search(name) else self.cleaned(value)
        return event

    def cleaned(self, value: Any) -> Any:
        """`value` with every secret in it replaced; containers are walked through."""
        if isinstance(value, str):
            text = self._known.sub(HIDDEN, value) if self._known else value
            return SECRET_SHAPES.sub(HIDDEN, text)
        if isinstance(value, Mapping):
            return {
                name: HIDDEN if SECRET_NAMES.search(str(name)) else self.cleaned(inner)
                for name, inner in value.items()
            }
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.cleaned(inner) for inner in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self.cleaned(str(value))


def one_line_fault(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as one line: its kind, its words and where it came from, innermost first."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["fault"] = describe(error)
    return event


def describe(error: BaseException) -> str:
    """`ValueError: bad total at items.py:31 < importing.py:12`, with the causes after it."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = reversed(traceback.extract_tb(current.__traceback__))
        places = " < ".join(f"{'/'.join(Path(at.filename).parts[-2:])}:{at.lineno}" for at in frames)
        words = " ".join(str(current).split())
        parts.append(f"{type(current).__name__}: {words}" + (f" at {places}" if places else ""))
        if isinstance(current, BaseExceptionGroup):
            parts.extend(describe(inner) for inner in current.exceptions)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "; because of ".join(parts)


def configure(
    *,
    level: str = "info",
    form: Literal["console", "json"] | None = None,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send structlog and the standard library's logging through the same processors to `stream`.

    `form` None means console on a terminal and json elsewhere. `stream` None means standard output: errors
    for people have standard error to themselves.
    """
    target = stream or sys.stdout
    console = form == "console" or (form is None and target.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        one_line_fault,
        Redactor(secrets),
    ]
    # What runs after the redactor only lays out: it adds nothing that came from outside.
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=target.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
