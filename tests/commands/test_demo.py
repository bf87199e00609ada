"""`make run`'s program, started as people start it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli.demo.portal import is_healthy
from app.cli.demo.ports import is_port_free
from tests.support.ports import find_free_port

ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = 30


@contextmanager
def demo(**settings: str) -> Iterator[subprocess.Popen[str]]:
    """The demonstration, running with these settings; ended by force if the test leaves it."""
    environ = {**os.environ, "SANDBOX_PORT": "0", **settings}
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli.run"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
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


def children_of(process: subprocess.Popen[str]) -> list[int]:
    """The programs it has started, by id."""
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(text) for text in path.read_text().split()]


def test_it_serves_until_ctrl_c_and_leaves_nothing_running() -> None:
    port = find_free_port()
    real = {"CLICKHOUSE_API_KEY": "real", "PORTAL_CONFIG": "/nowhere", "PORTAL_THREADS": "none"}
    with demo(PORTAL_PORT=str(port), **real) as process:
        lines = read_until(process, "Press Ctrl-C")
        assert f"The portal is ready: http://127.0.0.1:{port}" in lines
        assert is_healthy(f"http://127.0.0.1:{port}")
        table = [line.split(maxsplit=3) for line in lines if line.startswith("  ")]
        assert ["alice", "alice-sandbox-1", "Analytics", "owner of all 5 groups"] in table
        assert ["bob", "bob-sandbox-1", "Analytics", "viewer of all 5 groups"] in table
        assert [line for line in lines if line.startswith("Watch a schedule act")]
        children = children_of(process)
        assert len(children) == 2

        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0
    assert output.strip() == "Stopped the portal and the sandbox."
    assert "Traceback" not in errors
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert is_port_free(port)
    shutil.rmtree(ROOT / f"instance/sandbox-{port}", ignore_errors=True)


def test_ctrl_c_before_anything_runs_ends_it_without_a_trace() -> None:
    code = (
        "import signal, sys, app.cli.run;"
        "assert not {'flask', 'requests', 'app.cli.demo.start'} & set(sys.modules);"
        "signal.raise_signal(signal.SIGINT)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=30, check=False
    )
    assert (result.returncode, result.stderr) == (-signal.SIGINT, b"")


def test_a_taken_port_is_one_line_that_names_the_setting() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        for name in ("PORTAL_PORT", "SANDBOX_PORT"):
            free = str(find_free_port())
            with demo(**{"PORTAL_PORT": free, name: str(port)}) as process:
                output, errors = process.communicate(timeout=LIMIT_SECONDS)
            assert (process.returncode, output) == (2, "")
            (line,) = errors.splitlines()
            assert f"Port {port}" in line
            assert name in line
