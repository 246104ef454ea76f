"""`python -P -m bot.sandbox.zoho_books`: the simulated Zoho Books as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bot.sandbox.zoho_books.sample import sample_books
from bot.sandbox.zoho_books.server import ZohoServer


async def main() -> None:
    parser = argparse.ArgumentParser(prog="zoho-books")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state-file", type=Path)
    parser.add_argument("--lived-in", action="store_true", help="with records of the last months")
    parser.add_argument("--client-id")
    parser.add_argument("--client-secret")
    given = parser.parse_args()
    books = sample_books(lived_in=given.lived_in)
    books.state_file = given.state_file
    books.client_id = given.client_id or books.client_id
    books.client_secret = given.client_secret or books.client_secret
    server = ZohoServer(books, port=given.port)
    sys.stdout.write(f"zoho-books ready on {await server.start()}\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
