"""Log lines: one for each event, and no secret in any of them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

SECRET = "a-secret-value"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes; the set-up from before comes back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    target = io.StringIO()
    logs.configure(form="json", secrets=[SECRET, "ab"], stream=target)
    yield target
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        f"sent {SECRET} on",
        "xoxb-123-456-abc",
        "xapp-1-A0-abc",
        "1000.0123456789abcdef0123456789abcdef.0123456789abcdef0123456789abcdef",
        "dxt_abcDEF123",
        "redis://user:pa55word@redis.test:6379",
        "https://accounts.test/oauth/v2/token?refresh_token=abc123&x=1",
        "https://bot.test/callback?code=abc123&state=xyz789",
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(stream: io.StringIO, text: str) -> None:
    structlog.get_logger("test").info(text, place=text, inner={"deep": [text]})
    logging.getLogger("somebody").warning("said %s", text)
    written = stream.getvalue()
    assert len(lines(stream)) == 2
    assert logs.HIDDEN in written
    for secret in (
        SECRET,
        "123-456",
        "A0-abc",
        "0123456789abcdef",
        "abcDEF123",
        "pa55word",
        "abc123",
        "xyz789",
    ):
        assert secret not in written


@pytest.mark.parametrize(
    "name",
    ["token", "access_token", "client_secret", "password", "Authorization", "code", "state", "api_key"],
)
def test_a_value_with_a_secret_name_is_hidden(stream: io.StringIO, name: str) -> None:
    structlog.get_logger("test").info("said", **{name: "plain-looking"}, body={name: "plain-looking"})
    assert "plain-looking" not in stream.getvalue()


def test_ordinary_words_are_left_alone(stream: io.StringIO) -> None:
    structlog.get_logger("test").info("refreshed", lists=10, label="abacus", status_code=200, stateful=None)
    (line,) = lines(stream)
    assert (line["lists"], line["label"], line["status_code"], line["level"]) == (10, "abacus", 200, "info")


def test_an_exception_is_one_line_with_its_causes_and_places(stream: io.StringIO) -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError("over\ntwo lines") from error
    except ValueError:
        structlog.get_logger("test").exception("failed")
    (line,) = lines(stream)
    fault = str(line["fault"])
    assert fault.startswith("ValueError: over two lines at unit/test_logs.py:")
    assert "; because of KeyError: " in fault
    assert SECRET not in fault
    assert "\n" not in fault


def test_the_console_form_is_one_line_too() -> None:
    root = logging.getLogger()
    handlers, level, target = root.handlers, root.level, io.StringIO()
    try:
        logs.configure(form="console", stream=target)
        try:
            raise ValueError("broken")
        except ValueError:
            structlog.get_logger("test").exception("failed", item="i1")
    finally:
        root.handlers = handlers
        root.setLevel(level)
        logging.captureWarnings(False)
        structlog.reset_defaults()
    assert target.getvalue().count("\n") == 1
    assert "ValueError: broken at unit/test_logs.py:" in target.getvalue()


def test_libraries_speak_from_a_warning_on(stream: io.StringIO) -> None:
    logging.getLogger("httpx").info("POST https://accounts.test/token")
    logging.getLogger("httpx").warning("slow")
    assert [line["event"] for line in lines(stream)] == ["slow"]
