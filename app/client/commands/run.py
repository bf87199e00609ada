"""A command with a larger group for as long as it lives.

The boost is asked for as a lease of a few minutes and made longer while the command runs, so that
it ends by itself, whatever becomes of this process. When the command ends, so does the boost.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

import click

from ..context import Session, end, new_key
from ..exits import CommandError, Exit
from ..groups import find_group, path_of
from ..options import DURATION, REASON, WAITING, minutes_of, options
from ..output import moment, tell
from ..portal import Portal
from ..settings import load_settings
from ..sizes import raised
from ..waiting import wait_for
from .boost import end_boost

LEASE_SECONDS = 600
RENEWALS_PER_LEASE = 3
NOT_FOUND, NOT_STARTED = 127, 126
"""What shells exit with where a command is not there, or cannot be run."""


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--boost",
    "memory_gb",
    type=int,
    required=True,
    metavar="GB",
    help="At least so much memory for each replica.",
)
@click.option(
    "--for", "seconds", type=DURATION, required=True, help="For how long at most, such as 2h."
)
@click.option(
    "--lease",
    type=DURATION,
    default=LEASE_SECONDS,
    metavar="DURATION",
    help="How long the size stays if this process dies; 10m if not given.",
)
@options(REASON, *WAITING)
@click.argument("group", metavar="GROUP")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    memory_gb: int,
    seconds: int,
    lease: int,
    reason: str,
    wait: bool,
    timeout: int,
    group: str,
    command: tuple[str, ...],
) -> None:
    """Run a command with a larger compute group, and give the size back when it ends.

    The exit code is that of the command; where the boost is refused the command does not run.

    \b
        cgp run --boost 64 --for 2h "Analytics primary" -- ./nightly_import.sh
    """
    try:
        session = Session(Portal(load_settings(os.environ)), is_json=False)
        found = find_group(session.portal, group)
        most = Lease(session, found, time.monotonic() + seconds, lease)
        most.begin(raised(found, memory_gb), reason, timeout if wait else None)
    except CommandError as error:
        end(error, is_json=False)
    with most.kept():
        code = run_child(command)
    sys.exit(code)


@dataclass
class Lease:
    """A boost that ends by itself unless it is made longer, at `until` at the latest."""

    session: Session
    group: dict[str, Any]
    until: float
    seconds: int
    reference: str = ""

    def begin(self, size: dict[str, Any], reason: str, timeout: int | None) -> None:
        """Ask for it. Nothing to do where the group is as large already. Raises CommandError."""
        body = size | {"minutes": self._minutes()} | ({"reason": reason} if reason else {})
        told = self.session.portal.change(path_of(self.group, "/boosts"), body, new_key())
        if "reference" not in told:
            tell(f"cgp: {told['message']}")
            return
        self.reference = str(told["reference"])
        tell(f"cgp: boost {self.reference} until {moment(told['ends_at'])}, longer while it runs")
        if timeout is not None:
            self._wait(told["change_reference"], timeout)

    def _wait(self, change: str, timeout: int) -> None:
        try:
            wait_for(self.session.portal, change, timeout)
        except (CommandError, KeyboardInterrupt):
            self.give_back()
            raise

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
            end_boost(self.session, self.group, self.reference)
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
        """Make it longer; False where the portal will not any more."""
        path = path_of(self.group, f"/boosts/{self.reference}/extend")
        try:
            self.session.portal.send("POST", path, {"minutes": self._minutes()})
        except CommandError as error:
            is_over = error.exit_code in {Exit.REFUSED, Exit.NOT_SIGNED_IN}
            tell(f"cgp: the boost could not be made longer: {error.message}")
            return not is_over
        return True

    def _minutes(self) -> int:
        left = self.until - time.monotonic()
        return minutes_of(int(min(self.seconds, max(left, 1))))


def run_child(command: tuple[str, ...]) -> int:
    """Run it, pass on what this process is told to end by, and take its exit code."""
    try:
        child = subprocess.Popen(command)  # noqa: S603 - the person's own command
    except FileNotFoundError:
        tell(f"cgp: {command[0]}: there is no such command")
        return NOT_FOUND
    except OSError as error:
        tell(f"cgp: {command[0]}: {error.strerror}")
        return NOT_STARTED
    with _passing_on(child):
        code = child.wait()
    return 128 - code if code < 0 else code


@contextmanager
def _passing_on(child: subprocess.Popen[bytes]) -> Iterator[None]:
    def pass_on(number: int, _frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            child.send_signal(number)

    def nothing(_number: int, _frame: FrameType | None) -> None:
        """A terminal has told the command itself."""

    handlers: dict[int, Callable[[int, FrameType | None], None]] = {
        signal.SIGINT: nothing,
        signal.SIGTERM: pass_on,
        signal.SIGHUP: pass_on,
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
