"""`make bench`: what is measured from the start, as a table; ratios matter, not this machine's figures.

1. acknowledgement of `/dext help` and of a card's button against a bare slack-bolt hello in both of its
   modes, side by side and in turn, one keep-alive connection, every request signed;
2. seconds from start to ready of `dext-bot web`;
3. memory at rest of web, worker, clock and the embedded Redis.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.signed import Caller, button, command

ROOT = Path(__file__).resolve().parent.parent
BOT = str(Path(sys.executable).with_name("dext-bot"))
HELLO = str(Path(__file__).with_name("hello.py"))
SLACK = str(Path(__file__).with_name("slack_stub.py"))
SECRET = "bench-signing-secret"
READY_SECONDS = 30.0
REST_SECONDS = 3.0
PAUSE_SECONDS = 0.01
AIM_RATIO = 0.1
AIM_WEB_MB = 150


def main() -> None:
    """Run all three parts and print them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20, help="turns; each asks every server")
    options.add_argument("--calls", type=int, default=25, help="requests a turn and server")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dext-bench-") as folder, ExitStack() as stack:
        slack = stack.enter_context(serving([sys.executable, SLACK], {}))
        env = settings(Path(folder), slack)
        started = time.perf_counter()
        bot = stack.enter_context(serving([BOT, "web"], env, ready="/readyz"))
        until_ready = time.perf_counter() - started
        worker = stack.enter_context(running([BOT, "worker"], env))
        clock = stack.enter_context(running([BOT, "clock"], env))
        time.sleep(REST_SECONDS)
        print_memory(bot.process.pid, worker.pid, clock.pid, Path(folder))
        print(f"\nstart to ready  dext-bot web, first start with an empty data folder: {until_ready:.2f} s")
        with restarted(env) as again:
            print(f"start to ready  dext-bot web beside a Redis that runs: {again:.2f} s\n")
        default = stack.enter_context(serving([sys.executable, HELLO, "default"], env, ready="/readyz"))
        quick = stack.enter_context(
            serving([sys.executable, HELLO, "process_before_response"], env, ready="/readyz")
        )
        print_acknowledgements(bot.port, default.port, quick.port, given.rounds, given.calls)


def print_acknowledgements(bot: int, default: int, quick: int, rounds: int, calls: int) -> None:
    """Medians and their ratios; the servers are asked in turn so that the machine's noise hits all alike."""
    cases = {
        "/dext help": Caller(bot, SECRET, lambda n: command("/dext", "help", n)),
        "card's button": Caller(bot, SECRET, button),
        "bolt hello, default": Caller(default, SECRET, lambda n: command("/hello", "", n)),
        "bolt hello, process_before_response": Caller(quick, SECRET, lambda n: command("/hello", "", n)),
    }
    for caller in cases.values():
        caller.ask(calls)  # warm: caches, connections
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, caller in cases.items():
            taken[name] += caller.ask(calls)
    middle = {name: statistics.median(values) for name, values in taken.items()}
    slow, fast = middle["bolt hello, default"], middle["bolt hello, process_before_response"]
    print(
        f"{'acknowledgement, one connection':38}{'p50 ms':>9}{'p99 ms':>9}{'of default':>12}{'of p.b.r.':>11}"
    )
    for name, values in taken.items():
        high = sorted(values)[int(len(values) * 0.99) - 1]
        print(
            f"{name:38}{middle[name] * 1000:9.2f}{high * 1000:9.2f}"
            f"{middle[name] / slow:12.3f}{middle[name] / fast:11.2f}"
        )
    worst = max(middle["/dext help"], middle["card's button"]) / slow
    verdict = "met" if worst <= AIM_RATIO else "MISSED"
    print(f"aim: at most {AIM_RATIO} of bolt's default mode: {verdict} ({worst:.3f})")


def print_memory(web: int, worker: int, clock: int, folder: Path) -> None:
    """Resident memory of each process, in MB."""
    redis = embedded_redis(folder)
    print(f"{'memory at rest':38}{'MB':>9}")
    for name, pid in {"web": web, "worker": worker, "clock": clock, "embedded Redis": redis}.items():
        print(f"{name:38}{resident_mb(pid) if pid else float('nan'):9.1f}")
    print(f"aim: web under {AIM_WEB_MB} MB: {'met' if resident_mb(web) < AIM_WEB_MB else 'MISSED'}")


def resident_mb(pid: int) -> float:
    """Resident memory of a process, from `ps` (kilobytes on Linux and macOS alike)."""
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(said.stdout) / 1024


def embedded_redis(folder: Path) -> int | None:
    """The process id of the Redis that the bot started in `folder`, or nothing."""
    import redis  # noqa: PLC0415 - only this part needs it

    for path in folder.rglob("*.sock"):
        with redis.Redis.from_url(f"unix://{path}") as client:
            return int(client.info("server")["process_id"])
    return None


def settings(folder: Path, slack: Served) -> dict[str, str]:
    """An environment for the real bot against the stand-in of Slack's Web API."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return {
        **kept,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_API_URL": f"http://127.0.0.1:{slack.port}/api/",
        "ZOHO_CLIENT_ID": "bench",
        "ZOHO_CLIENT_SECRET": "bench-client-secret",
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "warning",
        "LOG_FORMAT": "json",
    }


class Served:
    """A process that listens on `port` of this machine."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port


@contextmanager
def running(words: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours from here to the end of the block; stopped with SIGTERM."""
    process = subprocess.Popen(words, env=env or None, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=READY_SECONDS)


@contextmanager
def serving(words: list[str], env: dict[str, str], *, ready: str = "/") -> Iterator[Served]:
    """A server on a free port, once `ready` answers 200."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with running(words, {**(env or dict(os.environ)), "PORT": str(port)}) as process:
        wait_until_ready(process, port, ready)
        yield Served(process, port)


@contextmanager
def restarted(env: dict[str, str]) -> Iterator[float]:
    """Seconds until a second web process is ready, beside the first one."""
    started = time.perf_counter()
    with serving([BOT, "web"], env, ready="/readyz"):
        yield time.perf_counter() - started


def wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Return once GET `path` answers 200; stop the bench when the process ended or the time is over."""
    import http.client  # noqa: PLC0415

    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit(f"bench: {process.args!r} ended with status {process.returncode} before it was ready.")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(PAUSE_SECONDS)
    sys.exit(f"bench: {process.args!r} was not ready within {READY_SECONDS:.0f} seconds.")


if __name__ == "__main__":
    main()
