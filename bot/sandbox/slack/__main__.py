"""`python -P -m bot.sandbox.slack`: the simulated workspace as a program of its own."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bot.sandbox.slack.sample import sample_workspace
from bot.sandbox.slack.server import SlackServer


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.slack", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--bot-url", required=True, help="where the bot listens, without /slack/events")
    parser.add_argument("--signing-secret", required=True)
    parser.add_argument("--bot-token", required=True)
    parser.add_argument("--ready-file", type=Path, help="gets JSON with the addresses when it listens")
    parser.add_argument("--no-rate-limits", action="store_true", help="never answer 429")
    return parser.parse_args(arguments)


async def _run(options: argparse.Namespace) -> None:
    workspace = sample_workspace(
        bot_token=options.bot_token,
        signing_secret=options.signing_secret,
        rate_limits=not options.no_rate_limits,
    )
    server = SlackServer(workspace, options.bot_url, host=options.host, port=options.port)
    await server.start()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    if options.ready_file:
        await asyncio.to_thread(server.write_ready_file, options.ready_file)
    sys.stdout.write(f"Slack's Web API: {server.base_url}\nIts page: {server.root_url}\n")
    sys.stdout.flush()
    await stopped.wait()
    await server.stop()


def main() -> int:
    """Run until interrupted. 1 with one line when the port is taken."""
    options = _options(sys.argv[1:])
    try:
        asyncio.run(_run(options))
    except OSError as error:
        sys.stderr.write(f"The simulated Slack cannot listen on {options.host}:{options.port}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
