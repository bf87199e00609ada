"""Which process of the portals over one database leads, and how one is held up."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.portal import PortalProcess

TAKEN_OVER_SECONDS = 20.0
"""A lease lasts 8 s, and whoever waits for it looks every two."""


def processes(portal: PortalProcess) -> set[int]:
    """The numbers of those that have reported."""
    return {_number(name) for (name,) in portal.execute("SELECT process FROM replicas")}


def lease(portal: PortalProcess) -> tuple[str, int]:
    """Who holds it, and the epoch."""
    ((holder, epoch),) = portal.execute("SELECT holder, epoch FROM leases") or [("", 0)]
    return str(holder), int(epoch)


def leader(portal: PortalProcess) -> int:
    """The number of the process that leads; 0 if none does."""
    return _number(lease(portal)[0])


def _number(process: str) -> int:
    return int(process.rpartition(":")[2] or 0)


@contextmanager
def paused(process: int) -> Iterator[None]:
    """The process does nothing meanwhile, and does not know it afterwards."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
