"""What a job gets: the services and the way to Slack. Arguments of jobs are ids and short words."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.domain.identity import WorkspaceId
from bot.services import Services
from bot.slack.client import Slack


@dataclass(frozen=True)
class Context:
    services: Services
    slack: Callable[[WorkspaceId], Slack]


Job = Callable[..., Awaitable[None]]
"""`job(context, *ids)`."""


def unforeseen(job: str, fault: Exception) -> str:
    """Logs what nobody foresaw; the reference that people are told."""
    reference = secrets.token_hex(2).upper()
    structlog.get_logger().error("unforeseen", job=job, reference=reference, exc_info=fault)
    return reference
