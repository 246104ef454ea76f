"""A Slack workspace of our own: Web API, signed requests, modals, limits, people who act on what they see.

A separate HTTP program that knows nothing of the bot. Start at `SlackServer`, `sample_workspace`, `Person`.
"""

from bot.sandbox.slack.finding import Ambiguous, NotVisible
from bot.sandbox.slack.models import SlackRefusal
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.sample import sample_workspace
from bot.sandbox.slack.server import SlackServer, create_app
from bot.sandbox.slack.workspace import Workspace

__all__ = [
    "Ambiguous",
    "NotVisible",
    "Person",
    "SlackRefusal",
    "SlackServer",
    "Workspace",
    "create_app",
    "sample_workspace",
]
