"""Where the detail of an unforeseen failure is written down, so that a person sees one line only."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import structlog

from bot import logs
from bot.config import APP_NAME

FILE = "crashes.log"


def write_down(error: BaseException, reference: str) -> str:
    """Log `error` under `reference`; answer in words where a person finds it.

    A running process has its log; a command on a terminal gets a file of its own, readable by its user only.
    """
    if has_log():
        structlog.get_logger(__name__).critical("unforeseen", reference=reference, exc_info=error)
        return "the log"
    line = logs.Redactor().cleaned(f"{datetime.now(UTC).isoformat()} {reference} {logs.describe(error)}\n")
    path = Path(platformdirs.user_log_dir(APP_NAME, appauthor=False)) / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
            file.write(line)
    except OSError:
        return f"no file, for {path} cannot be written: {logs.describe(error)}"
    return str(path)


def has_log() -> bool:
    """True once `bot.logs.configure` was called: a running process."""
    return bool(logging.getLogger().handlers) and structlog.is_configured()
