"""A command with a larger group for as long as it lives. When it ends, so does the boost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click

from ..context import Session, end
from ..exits import CommandError
from ..groups import find_group
from ..lease import Lease
from ..options import DURATION, REASON, WAITING, options
from ..output import tell
from ..portal import Portal
from ..settings import load_settings
from ..sizes import raised

LEASE_SECONDS = 600
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
        until = time.monotonic() + seconds
        most = Lease(session, found, raised(found, memory_gb), reason, until, lease)
        most.begin()
        with most.kept():
            if wait:
                most.wait(timeout)
            code = run_child(command)
    except CommandError as error:
        end(error, is_json=False)
    sys.exit(code)


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
