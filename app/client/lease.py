"""A boost for as long as something runs.

It is asked for as a lease of a few minutes and made longer meanwhile, so that it ends by itself,
whatever becomes of this process.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from .context import Session, new_key
from .exits import CommandError
from .groups import path_of
from .options import minutes_of
from .output import moment, tell
from .portal import ANSWER_SECONDS
from .waiting import wait_for

RENEWALS_PER_LEASE = 3
SHORTEST_SECONDS = 120
"""The portal wants a new end to be a minute away when it judges it, which is after it was asked."""
OVER = "not_possible"
FINAL = {OVER, "broken_rules", "not_found"}
"""Codes of the portal's that another try does not change; a freeze, for one, ends."""


@dataclass
class Lease:
    """A boost that ends by itself unless it is made longer, at `until` at the latest.

    Where another boost has made the group as large already, that one is made longer, and nobody
    but its owner ends it; after it comes one of our own. Our own is no longer ours alone once it
    does not end at `ends_at`, as we were told last: somebody else has made it longer, and it is
    left to its time.
    """

    session: Session
    group: dict[str, Any]
    size: dict[str, Any]
    reason: str
    until: float
    seconds: int
    reference: str = ""
    is_own: bool = True
    ends_at: str = ""

    def begin(self) -> None:
        """Ask for it; there is none where the group is as large for good. Raises CommandError."""
        said = {"reason": self.reason} if self.reason else {}
        body = self.size | {"minutes": self._minutes()} | said
        told = self.session.portal.change(path_of(self.group, "/boosts"), body, new_key())
        self.is_own = "reference" in told
        if self.is_own:
            self.reference = str(told["reference"])
            self.ends_at, until = str(told["ends_at"]), moment(told["ends_at"])
            tell(f"cgp: boost {self.reference} until {until}, longer while it runs")
        else:
            tell(f"cgp: {told['message']}")
            self._lean_on(self.session.portal.get(path_of(self.group))["boost"])

    def _lean_on(self, boost: dict[str, Any] | None) -> None:
        self.reference = str(boost["reference"]) if boost else ""
        if boost:
            tell(
                f"cgp: the size is that of boost {self.reference}, which is made longer while this "
                "runs, and not ended by it"
            )
            with suppress(CommandError):  # said when it is tried again
                self._extend()

    def wait(self, timeout_seconds: int) -> None:
        """Until the size is in effect, while it is kept. Raises CommandError.

        The change of another boost may be another person's, which the token does not see.
        """
        if self.reference and self.is_own:
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
            if keeper.is_alive():
                keeper.join(ANSWER_SECONDS)  # it may be asking for what is to be given back
            self.give_back()

    def give_back(self) -> None:
        """End it now if it is our own; where that cannot be said it ends by itself."""
        if not (self.reference and self.is_own):
            return
        try:
            self._look_for_others()
            if self.is_own:
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
            self._look_for_others()
            self._extend()
        except CommandError as error:
            if error.code == OVER and not self.is_own:
                return self._begin_anew()
            tell(f"cgp: the boost could not be made longer: {error.message}")
            return error.code not in FINAL
        return True

    def _look_for_others(self) -> None:
        """Somebody who has made it longer, such as another job, needs the size still."""
        if not (self.is_own and self.ends_at):
            return
        self.is_own = self.session.portal.get(self._path())["ends_at"] == self.ends_at
        if not self.is_own:
            tell(f"cgp: boost {self.reference} is made longer by others too, and not ended here")

    def _extend(self) -> None:
        body = {"minutes": self._minutes()}
        told = self.session.portal.send("POST", self._path("/extend"), body)
        self.ends_at = str(told["ends_at"])

    def _begin_anew(self) -> bool:
        tell(f"cgp: boost {self.reference} is over")
        try:
            self.begin()
        except CommandError as error:
            tell(f"cgp: there is no boost now, and it is asked for again: {error.message}")
        return bool(self.reference)

    def _path(self, part: str = "") -> str:
        return path_of(self.group, f"/boosts/{self.reference}{part}")

    def _minutes(self) -> int:
        left = self.until - time.monotonic()
        return minutes_of(int(min(max(self.seconds, SHORTEST_SECONDS), max(left, 1))))
