"""A socket for a simulation to serve on."""

from __future__ import annotations

import socket

BACKLOG = 128


def listening(host: str, port: int) -> socket.socket:
    """Said to be TCP: asyncio switches Nagle's delay (40 ms an answer) off only where it is told so."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(BACKLOG)
    return sock
