"""Ports for servers that tests start: no two of a run, and no two runs, are given the same one at a time."""

import os
import socket
from itertools import count

# Below what the kernel gives to outgoing connections (from 32768), which would take a port between look and use.
LOWEST, HIGHEST = 10_000, 32_000
_turn = count(os.getpid() * 97)


def free_port(following: int = 0) -> int:
    """A TCP port of this machine that nobody listens on, and `following` more right behind it."""
    while True:
        port = LOWEST + next(_turn) * (following + 1) % (HIGHEST - LOWEST - following)
        if all(_is_free(port + step) for step in range(following + 1)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
