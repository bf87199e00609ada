"""The demonstration (`make run`) as a process, as people start it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from tests.support.portal import ROOT
from tests.support.ports import find_free_port

TIMEOUT_SECONDS = 20


@contextmanager
def demo(errors: int = subprocess.PIPE, /, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The demonstration, running with these settings; ended by force if the test leaves it.

    Its log goes to `errors`. A pipe that nobody empties holds it up after a few dozen requests.
    """
    environ = {**os.environ, "SANDBOX_PORT": "0", **settings}
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli.run"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()


def read_until(process: subprocess.Popen[str], last: str) -> list[str]:
    """What it prints, up to a line that begins with `last`."""
    assert process.stdout is not None
    lines: list[str] = []
    while line := process.stdout.readline():
        lines.append(line.rstrip())
        if line.startswith(last):
            break
    return lines


@dataclass(frozen=True)
class RunningDemo:
    """What a demonstration has printed, and where it serves."""

    url: str
    sandbox: str
    lines: list[str]

    def requests(self, side: str) -> list[dict[str, Any]]:
        """What one side of the sandbox ("cloud", "clickhouse") was asked, oldest first."""
        answer = requests.get(f"{self.sandbox}/_sandbox/requests", timeout=TIMEOUT_SECONDS)
        return [item for item in answer.json()["requests"] if item["side"] == side]


@contextmanager
def running_demo(**settings: str) -> Iterator[RunningDemo]:
    """A demonstration that serves, ended afterwards as by Ctrl-C; its records go as well."""
    port = find_free_port()
    with demo(subprocess.DEVNULL, PORTAL_PORT=str(port), **settings) as process:
        lines = read_until(process, "Press Ctrl-C")
        found = re.search(r"(http://\S+)/_sandbox/world", "\n".join(lines))
        assert found, lines
        yield RunningDemo(f"http://127.0.0.1:{port}", found[1], lines)
        process.terminate()
        process.communicate(timeout=TIMEOUT_SECONDS)
    shutil.rmtree(ROOT / f"instance/sandbox-{port}", ignore_errors=True)
