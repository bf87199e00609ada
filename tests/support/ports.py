"""Ports of this machine for programs that tests start.

Each process of the tests has a block of ports to itself, and uses them in turn: one that is free at
the moment, and that no other process of the tests picks before the program listens on it. They are
below those that the system gives to connections that go out.
"""

import random
import socket
from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, LAST, BLOCK = 10_000, 32_000, 200


def find_free_port() -> int:
    """A port that nothing listens on at the moment, and not one of the last that were found."""
    ports, _claim = _claim_block()
    return next(port for port in ports if _is_free(port))


@cache
def _claim_block() -> "tuple[Iterator[int], socket.socket]":
    """A block of ports, and the socket whose name says to others that it is taken."""
    starts = list(range(FIRST, LAST, BLOCK))
    random.shuffle(starts)
    for start in starts:
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0portal-test-ports-{start}")
        except OSError:
            claim.close()
        else:
            return cycle(range(start, start + BLOCK)), claim
    raise AssertionError("All blocks of ports are taken by other processes of the tests.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
