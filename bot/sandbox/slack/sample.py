"""The team that tests and the demo use."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.workspace import Workspace


def sample_workspace(**facts: Any) -> Workspace:
    """Team “Held Out”: ada (owner), tom (admin), ben, mel, eve; #finance, #general; the bot in both.

    Ben is meant to be made an Approver. `facts` are arguments of `Workspace`, for example
    `rate_limits=False` or `clock=`.
    """
    workspace = Workspace(**facts)
    workspace.add_person("ada", "Ada Owner", is_owner=True, is_admin=True, title="Admin · owns the workspace")
    workspace.add_person("tom", "Tom Admin", is_admin=True, title="Admin")
    workspace.add_person("ben", "Ben Approver", title="Member · to be made Approver")
    for name in ("mel", "eve"):
        workspace.add_person(name, f"{name.title()} Member", title="Member")
    for channel in ("finance", "general"):
        workspace.add_channel(channel, [workspace.bot.name, "ada", "tom", "ben", "mel", "eve"])
    return workspace
