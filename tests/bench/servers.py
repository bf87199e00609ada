"""What the load is sent to: portals, and small applications under the same gunicorn."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol, Self, cast

from tests.bench.load import Order, Outcome
from tests.bench.machine import pin
from tests.bench.pollers import PollOrder, PollOutcome
from tests.support.portal import ROOT, START_SECONDS, STOP_SECONDS
from tests.support.ports import find_free_port
from tests.support.preforked import fork_gunicorn
from tests.support.waiting import wait_until

THREADS = 16
"""Those of a portal that nothing else was set for."""
SLOWEST_SECONDS = 300.0


class Server(Protocol):
    """A process that answers at a port of this machine."""

    port: int

    def workers(self) -> list[int]:
        """The processes that answer."""


class PlainServer:
    """An application under gunicorn with the portal's worker class. `environ` is for the
    application; it is killed at the end of the `with`."""

    def __init__(
        self, folder: Path, entry: str, environ: Mapping[str, str], threads: int = THREADS
    ) -> None:
        self.port = find_free_port()
        self._log_path = folder / f"{entry.partition(':')[0]}.log"
        self._entry = entry
        self._environ = {
            "PATH": os.environ["PATH"],
            "BENCH_PORT": str(self.port),
            "BENCH_THREADS": str(threads),
            **environ,
        }
        self._process: BaseProcess | None = None

    def __enter__(self) -> Self:
        """Start, and wait until it listens."""
        arguments = ["-c", "tests/bench/plain_gunicorn.py", "--log-level", "warning", self._entry]
        self._process = fork_gunicorn(arguments, self._environ, ROOT, self._log_path)
        wait_until(self._is_listening, seconds=START_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        assert self._process is not None
        self._process.terminate()
        self._process.join(STOP_SECONDS)
        self._process.kill()

    def workers(self) -> list[int]:
        """The one process that answers."""
        assert self._process is not None
        main = cast("int", self._process.pid)
        children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii")
        return [int(child) for child in children.split()]

    def _is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0 and bool(self.workers())


def run_load(order: Order) -> Outcome:
    """Have the load generator carry out an order. Raises AssertionError if it fails."""
    return Outcome(**_run("tests.bench.load", json.dumps(asdict(order))))


def run_pollers(order: PollOrder) -> PollOutcome:
    """Have open pages polled as the order says. Raises AssertionError if that fails."""
    return PollOutcome(**_run("tests.bench.pollers", json.dumps(asdict(order))))


def place(servers: Sequence[Server], cores: Sequence[int]) -> None:
    """Keep all servers on these cores."""
    pin((pid for server in servers for pid in server.workers()), cores)


def _run(module: str, order: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=order,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SLOWEST_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
