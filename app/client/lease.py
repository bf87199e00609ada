"""A boost for as long as something runs.

It is asked for as a lease of a few minutes and made longer meanwhile, so that it ends by itself,
whatever becomes of this process.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .context import Session, new_key
from .exits import CommandError
from .groups import path_of
from .options import minutes_of
from .output import moment, tell
from .waiting import wait_for

RENEWALS_PER_LEASE = 3
FINAL = {"not_possible", "broken_rules", "not_found"}
"""Codes of the portal's that another try does not change; a freeze, for one, ends."""


@dataclass
class Lease:
    """A boost that ends by itself unless it is made longer, at `until` at the latest."""

    session: Session
    group: dict[str, Any]
    until: float
    seconds: int
    reference: str = ""

    def begin(self, size: dict[str, Any], reason: str) -> None:
        """Ask for it. Nothing to do where the group is as large already. Raises CommandError."""
        body = size | {"minutes": self._minutes()} | ({"reason": reason} if reason else {})
        told = self.session.portal.change(path_of(self.group, "/boosts"), body, new_key())
        if "reference" not in told:
            tell(f"cgp: {told['message']}")
            return
        self.reference = str(told["reference"])
        tell(f"cgp: boost {self.reference} until {moment(told['ends_at'])}, longer while it runs")

    def wait(self, timeout_seconds: int) -> None:
        """Until the size is in effect, while it is kept. Raises CommandError."""
        if self.reference:
            wait_for(self.session.portal, self.reference, timeout_seconds)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Make it longer meanwhile, and give it back afterwards."""
        over = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(over,), daemon=True)
        if self.reference:
            keeper.start()
        try:
            yield
        finally:
            over.set()
            self.give_back()

    def give_back(self) -> None:
        """End it now; where that cannot be said it ends by itself."""
        if not self.reference:
            return
        try:
            self.session.portal.send("DELETE", self._path())
            tell(f"cgp: boost {self.reference} ended")
        except CommandError as error:
            tell(f"cgp: boost {self.reference} ends by itself: {error.message}")

    def _keep(self, over: threading.Event) -> None:
        while not over.wait(self.seconds / RENEWALS_PER_LEASE):
            if time.monotonic() >= self.until:
                tell("cgp: the time of --for is over; the command goes on without the boost")
                return
            if not self._renew():
                return

    def _renew(self) -> bool:
        """Make it longer; False where the portal never will."""
        try:
            self.session.portal.send("POST", self._path("/extend"), {"minutes": self._minutes()})
        except CommandError as error:
            tell(f"cgp: the boost could not be made longer: {error.message}")
            return error.code not in FINAL
        return True

    def _path(self, part: str = "") -> str:
        return path_of(self.group, f"/boosts/{self.reference}{part}")

    def _minutes(self) -> int:
        left = self.until - time.monotonic()
        return minutes_of(int(min(self.seconds, max(left, 1))))
