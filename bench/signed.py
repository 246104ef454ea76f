"""Requests as Slack sends them, each signed, over one keep-alive connection.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

TEAM = {"id": "T0BENCH", "domain": "bench"}
PERSON = "U0BENCH"
CHANNEL = "C0BENCH"
TIMEOUT_SECONDS = 10


class Caller:
    """Asks one server on this machine; `body` makes the n-th form."""

    def __init__(self, port: int, secret: str, body: Callable[[int], str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._secret = secret.encode()
        self._body = body
        self._asked = 0

    def ask(self, times: int) -> list[float]:
        """Seconds each acknowledgement took. Ends the bench when one is not a 200."""
        return [self._once() for _ in range(times)]

    def _once(self) -> float:
        self._asked += 1
        body, stamp = self._body(self._asked), str(int(time.time()))
        signature = hmac.new(self._secret, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        started = time.perf_counter()
        self._connection.request("POST", "/slack/events", body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        taken = time.perf_counter() - started
        if answer.status != http.HTTPStatus.OK:
            raise SystemExit(f"bench: no acknowledgement, but {answer.status} {said[:200]!r}")
        return taken


def command(word: str, text: str, number: int) -> str:
    """A slash command. https://docs.slack.dev/interactivity/implementing-slash-commands"""
    return urlencode(
        {
            "token": "none",
            "team_id": TEAM["id"],
            "team_domain": TEAM["domain"],
            "channel_id": CHANNEL,
            "channel_name": "bench",
            "user_id": PERSON,
            "user_name": "bench",
            "command": word,
            "text": text,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": "http://127.0.0.1:9/commands/none",
            "trigger_id": f"{number}.1.bench",
        }
    )


def button(number: int, action_id: str = "item.publish", value: str = "i-bench") -> str:
    """A press on a card's button. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload"""
    payload = {
        "type": "block_actions",
        "api_app_id": "A0BENCH",
        "token": "none",
        "team": TEAM,
        "user": {"id": PERSON, "username": "bench", "team_id": TEAM["id"]},
        "channel": {"id": CHANNEL, "name": "bench"},
        "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": CHANNEL},
        "message": {"type": "message", "ts": "1700000000.000100", "text": "a card"},
        "response_url": "http://127.0.0.1:9/actions/none",
        "trigger_id": f"{number}.2.bench",
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": "card",
                "value": value,
                "action_ts": f"{1700000000 + number}.000200",
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)})
