"""The sandbox as a program: its announcement, its ports, its end."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from app.sandbox.__main__ import parse_arguments
from app.sandbox.listening import PortTaken
from app.sandbox.server import Sandbox
from tests.unit.sandbox.client import Client

COMMAND = [sys.executable, "-W", "error", "-m", "app.sandbox"]


@contextlib.contextmanager
def started(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def announcement(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_announces_itself_in_one_line_and_ends_quietly(number: signal.Signals) -> None:
    with started("--port", "0") as process:
        world = requests.get(announcement(process)["world"], timeout=5).json()
        assert len({service["endpoint_url"] for service in world["services"]}) == 6
        fault = {"match": "GET", "kind": "reset"}
        requests.post(f"{world['url']}/_sandbox/faults", json=fault, timeout=5)
        with pytest.raises(requests.ConnectionError):
            requests.get(world["api"], timeout=5)
        process.send_signal(number)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_taken_port_gives_one_line_that_names_port_and_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with started(SANDBOX_PORT=str(port)) as process:
            output, errors = process.communicate(timeout=10)
    assert (process.returncode, output) == (2, "")
    assert errors.count("\n") == 1
    assert f"Port {port} " in errors
    assert "SANDBOX_PORT" in errors


def start_at_a_row_of_free_ports() -> tuple[int, Sandbox]:
    """Look below the range that systems hand out, so that few programs are in the way."""
    for port in range(20_000 + os.getpid() % 1_000 * 7, 30_000, 7):
        with contextlib.suppress(PortTaken):
            return port, Sandbox.start(port=port)
    raise AssertionError("no row of free ports from 20000 to 30000")


def test_services_listen_on_the_ports_after_the_api_s() -> None:
    port, sandbox = start_at_a_row_of_free_ports()
    with sandbox:
        ports = [int(s["endpoint_url"].rpartition(":")[2]) for s in sandbox.world()["services"]]
    assert sandbox.url == f"http://127.0.0.1:{port}"
    assert ports == [port + n for n in range(1, 7)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "x"],
        ["--port", "70000"],
        ["--port", "-1"],
        ["--port", "65530"],
        ["--warehouses", "0"],
        ["--services", "51"],
        ["--speed", "fast"],
        ["--speed", "nan"],
        ["--speed", "-1"],
        ["--host", "0.0.0.0"],  # noqa: S104 -- refused, which is the point
        ["--host", "example.com"],
        ["--host", "::1"],
    ],
)
def test_unusable_arguments_end_with_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse_arguments(arguments)
    assert end.value.code == 2
    assert arguments[1] in capsys.readouterr().err


def test_the_port_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_PORT", "9123")
    assert parse_arguments([]).port == 9123
    monkeypatch.delenv("SANDBOX_PORT")
    assert parse_arguments([]).port == 8900


def test_a_world_as_large_as_a_company_starts_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_WAREHOUSES", "8")
    options = parse_arguments(["--services", "40"])
    with Sandbox.start(port=0, extent=options.extent) as sandbox:
        world = sandbox.world()
        of_each = Counter(service["warehouse"] for service in world["services"])
        assert len(of_each) == 8
        assert set(of_each.values()) == {40}
        for key in ("id", "name", "endpoint_url"):
            assert len({service[key] for service in world["services"]}) == 320
        last = next(user for user in reversed(world["users"]) if user["name"] == "alice")
        login = {"X-ClickHouse-User": last["name"], "X-ClickHouse-Key": last["password"]}
        asked = requests.get(
            world["services"][-1]["endpoint_url"],
            params={"query": "SELECT currentUser()"},
            headers=login,
            timeout=5,
        )
        assert asked.json()["roles"] == ["team_operator"]


def test_requests_in_flight_end_at_the_stop() -> None:
    with Sandbox.start(port=0) as sandbox:
        client = Client(sandbox)
        client.control("POST", "/faults", {"match": "GET", "kind": "timeout", "seconds": 3600})
        url = client.world["url"].removeprefix("http://").split(":")
        held = socket.create_connection((url[0], int(url[1])), 5)
        held.sendall(b"GET /v1/organizations HTTP/1.1\r\nHost: x\r\n\r\n")
        silent = socket.create_connection((url[0], int(url[1])), 5)
        while not sandbox.requests()["requests"]:
            time.sleep(0.005)
        started_at = time.monotonic()
    assert time.monotonic() - started_at < 3
    assert [read_end(connection) for connection in (held, silent)] == [b"", b""]


def read_end(connection: socket.socket) -> bytes:
    """Read what is left; a reset counts as nothing, and no end at all fails by the timeout."""
    with connection, contextlib.suppress(ConnectionResetError):
        return connection.recv(1)
    return b""
