"""`make run`'s program, started as people start it."""

import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from app.cli.demo.portal import is_healthy
from app.cli.demo.ports import is_port_free
from tests.support.browser import Browser
from tests.support.demo import demo, read_until, running_demo
from tests.support.openid_provider import RunningProvider, begin, come_back
from tests.support.portal import ROOT
from tests.support.ports import find_free_port

LIMIT_SECONDS = 30


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


def test_a_company_s_sign_in_is_there_where_it_is_asked_for() -> None:
    with running_demo(SANDBOX_OIDC="on") as running:
        table = [line.split(maxsplit=3) for line in running.lines if line.startswith("  ")]
        assert ["erin", "erin-sandbox-1", "Analytics", "operator of all 5 groups"] in table
        assert ["frank", "frank-sandbox-1", "Analytics", "none: has no compute group"] in table
        browser = Browser(running.url)
        browser.get("/sign-in")
        address = begin(browser)
        provider = RunningProvider(address.partition("/authorization")[0])
        before = len(running.requests("clickhouse"))
        browser.is_signed_in = True
        come_back(browser, provider.approve(address, "erin"), to="/groups")
        assert "Signed in as acme:erin@sandbox.example" in browser.page.text("header")
        (asked,) = running.requests("clickhouse")[before:]
        assert asked["status"] == 200
    with pytest.raises(requests.ConnectionError):
        requests.get(provider.url, timeout=LIMIT_SECONDS)


@pytest.mark.parametrize("word", ["yes", "1"])
def test_a_switch_is_on_or_off(word: str) -> None:
    with demo(PORTAL_PORT=str(find_free_port()), SANDBOX_OIDC=word) as process:
        output, errors = process.communicate(timeout=LIMIT_SECONDS)
    assert (process.returncode, output) == (2, "")
    assert errors == "environment: SANDBOX_OIDC: is neither on nor off. Write on or off.\n"
