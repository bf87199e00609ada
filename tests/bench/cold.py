"""A portal that starts as `make serve` starts it, in a process that has loaded nothing before."""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests.support.portal import ROOT, PortalProcess
from tests.support.sandbox import RunningSandbox

_context = multiprocessing.get_context("forkserver")


class ColdPortal(PortalProcess):
    """`start_seconds`: from the start of the process until it says that it is well."""

    start_seconds = 0.0

    def start(self) -> Self:
        """Start, and wait until it serves."""
        given = (self._environ(), str(ROOT), str(self.log_path))
        started_at = time.monotonic()
        self._process = _context.Process(target=_exec_gunicorn, args=given)
        self._process.start()
        self._wait(self._is_serving, "did not start")
        self.start_seconds = time.monotonic() - started_at
        return self


@contextmanager
def cold_portal(
    folder: Path,
    sandbox: RunningSandbox,
    **options: Any,  # noqa: ANN401 - as PortalProcess takes them
) -> Iterator[ColdPortal]:
    """Serves, and is killed at the end."""
    portal = ColdPortal(folder, sandbox, **options)
    try:
        yield portal.start()
    finally:
        portal.kill()


def _exec_gunicorn(environ: Mapping[str, str], folder: str, log_path: str) -> None:
    os.setsid()
    os.chdir(folder)
    log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(log, descriptor)
    command = [sys.executable, "-m", "gunicorn", "-c", "configs/gunicorn.py"]
    os.execve(sys.executable, [*command, "--log-level", "warning", "wsgi:app"], environ)  # noqa: S606
