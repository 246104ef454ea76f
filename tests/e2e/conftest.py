"""A stage for each journey; at its end the bot must have kept to Slack's limits and told no secret."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    await stage.start()
    try:
        yield stage
        # A person may close a window while the bot is changing it: Slack says so, and that is all.
        stage.workspace.journal.forgive("not_found")
        assert stage.workspace.journal.refusals == []
        assert "unforeseen" not in stage.log, stage.log
        assert [secret for secret in stage.secrets() if secret in stage.log] == []
        assert [secret for secret in stage.secrets() if secret in stage.said_in_slack()] == []
    finally:
        await stage.stop()
