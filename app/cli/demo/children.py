"""Programs that a command starts and must not leave behind."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Self

from app.cli.commands import ROOT

STOP_SECONDS = 5.0
POLL_SECONDS = 0.05


class ChildFaultError(Exception):
    """A program does not run as it should; the text is one line that says which and how."""


class ChildEndedError(ChildFaultError):
    """A program ended by itself, with this exit code."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"The {name} ended by itself with code {code}, so everything is stopped.")
        self.code = code


class Child:
    """One program. As a context manager it is stopped at the end, whatever happens.

    It runs in a process group of its own, so that Ctrl-C reaches only the parent, which then
    stops its children in order.
    """

    def __init__(
        self, name: str, arguments: Sequence[str], *, environ: Mapping[str, str], is_piped: bool
    ) -> None:
        self.name = name
        self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            arguments,
            env=dict(environ),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if is_piped else None,
            start_new_session=True,
        )

    def check(self) -> None:
        """Raises ChildEndedError if it runs no more."""
        code = self._process.poll()
        if code is not None:
            raise ChildEndedError(self.name, code)

    def read_line(self) -> str:
        """A line that it has printed, or "" if there is none yet. Only of a piped child."""
        stdout = self._process.stdout
        if stdout is None or not select.select([stdout], [], [], 0)[0]:
            return ""
        return stdout.readline().decode()

    def stop(self) -> None:
        """Ask it to end; after STOP_SECONDS end it, and what it has started, by force."""
        deadline = time.monotonic() + STOP_SECONDS
        if self._process.poll() is None:
            self._process.terminate()
        while self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        """Give the running program."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()
