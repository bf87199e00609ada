"""What people notice of 700 slow clients, and load balancers of threads that are all busy: nothing.

`make slow-clients` runs it for less than a minute and prints the figures.
"""

import math
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests

from tests.conftest import StartPortal
from tests.slow_clients.crowd import (
    DRIPPING_BODY,
    DRIPPING_HEAD,
    HALF_BODY,
    HALF_HEAD,
    SILENT,
    TINY_CHUNKS,
    Crowd,
    Kind,
)
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

SLOW = {SILENT: 500, HALF_HEAD: 50, HALF_BODY: 50, DRIPPING_HEAD: 50, DRIPPING_BODY: 50}
SECONDS = 20.0
PAUSE_SECONDS = 0.02
THREADS = 16
MOST_SECONDS_ALIVE = 0.25
MOST_SECONDS_GROUPS = 1.0
MOST_SECONDS_SIGN_IN = 5.0


def seconds_of(ask: Callable[[], object]) -> float:
    """How long it takes."""
    started_at = time.monotonic()
    ask()
    return time.monotonic() - started_at


def p99(seconds: list[float]) -> float:
    """What 99 of 100 do not exceed."""
    return sorted(seconds)[math.ceil(len(seconds) * 0.99) - 1]


def get(portal: PortalProcess, path: str = "/healthz") -> None:
    """Ask without a session, on a connection of its own."""
    assert requests.get(portal.url + path, timeout=20).status_code == 200


def open_page(alice: Browser) -> None:
    """Ask for the list of groups, as somebody who is signed in, on a connection of its own."""
    headers = {"Connection": "close"}
    answer = alice.session.get(f"{alice.url}/groups", headers=headers, timeout=20)
    assert answer.status_code == 200
    assert "Analytics reporting" in answer.text


def ask_in_turn(portal: PortalProcess, alice: Browser) -> tuple[list[float], list[float]]:
    """The seconds of /healthz and of /groups, again and again."""
    alive, groups = [], []
    ends_at = time.monotonic() + SECONDS
    while time.monotonic() < ends_at:
        alive.append(seconds_of(lambda: get(portal)))
        groups.append(seconds_of(lambda: open_page(alice)))
        time.sleep(PAUSE_SECONDS)
    return alive, groups


def show(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    """Print figures past pytest."""
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201 - the figures are what this test is for


def figures(name: str, seconds: list[float]) -> str:
    """One line about many answers."""
    return f"  {name}: {len(seconds)} answers, p99 {p99(seconds):.3f} s, worst {max(seconds):.3f} s"


@pytest.mark.slow_clients
@pytest.mark.timeout(60)
@pytest.mark.parametrize("numbers", [SLOW, {TINY_CHUNKS: 200}], ids=["slow", "tiny chunks"])
def test_hundreds_of_such_clients_keep_nobody_waiting(
    start_portal: StartPortal,
    sandbox: RunningSandbox,
    capsys: pytest.CaptureFixture[str],
    numbers: dict[Kind, int],
) -> None:
    portal = start_portal()
    with Crowd(portal.port, numbers) as crowd:
        alice = Browser(portal.url)
        signing_in = seconds_of(lambda: alice.sign_in(sandbox.person("alice")))
        alive, groups = ask_in_turn(portal, alice)
    show(
        capsys,
        f"{len(crowd.clients)} such clients, thrown out in {SECONDS:.0f} s:",
        *(f"  {name}: {count}" for name, count in sorted(crowd.thrown_out.items())),
        "meanwhile:",
        figures("/healthz", alive),
        figures("/groups", groups),
        f"  signing in: {signing_in:.3f} s",
    )
    assert p99(alive) <= MOST_SECONDS_ALIVE
    assert p99(groups) <= MOST_SECONDS_GROUPS
    assert signing_in <= MOST_SECONDS_SIGN_IN
    assert set(crowd.thrown_out) == {kind.name for kind in numbers}


@pytest.mark.slow_clients
@pytest.mark.timeout(60)
def test_clients_that_read_no_answers_hold_no_thread(
    fresh_portal: PortalProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Browser(fresh_portal.url).get("/sign-in")
    asking = f"GET {page.asset('bootstrap.min.css')} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 10
    with ExitStack() as connections:
        for _ in range(2 * THREADS):
            client = connections.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(("127.0.0.1", fresh_portal.port))
            client.sendall(asking.encode())
        time.sleep(2)  # until nothing more can be sent to any of them
        pages = [seconds_of(lambda: get(fresh_portal, "/sign-in")) for _ in range(50)]
    show(capsys, "with 32 clients that do not read:", figures("/sign-in", pages))
    assert p99(pages) <= MOST_SECONDS_GROUPS


@pytest.mark.slow_clients
@pytest.mark.timeout(60)
def test_signing_in_and_files_go_on_while_people_wait_for_the_first_reading_of_cloud(
    start_portal: StartPortal, sandbox: RunningSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    portal = start_portal(PORTAL_THREADS=str(THREADS))
    alice = Browser(portal.url)
    file = alice.sign_in(sandbox.person("alice")).asset("bootstrap.min.css")
    sandbox.fault("GET .*/services", "timeout", times=None)
    nothing = "content = NULL, taken_at = NULL, tried_at = NULL"
    portal.execute(f"UPDATE readings SET version = version + 1, {nothing}")  # noqa: S608 - our own
    with ThreadPoolExecutor(2 * THREADS + 1) as pool:
        waiting = [pool.submit(open_page, alice.clone()) for _ in range(2 * THREADS)]
        time.sleep(0.5)
        alive = [seconds_of(lambda: get(portal)) for _ in range(50)]
        pages = [seconds_of(lambda: get(portal, "/sign-in")) for _ in range(20)]
        files = [seconds_of(lambda: get(portal, file)) for _ in range(20)]
        are_waiting = not all(one.done() for one in waiting)
        sandbox.clear_faults()
        for one in waiting:
            one.exception()  # an error page, for most of them
    seen = (figures("/healthz", alive), figures("/sign-in", pages), figures("a file", files))
    show(capsys, "while people wait for the first reading of Cloud:", *seen)
    assert are_waiting, "nobody had to wait"
    assert p99(alive) <= MOST_SECONDS_ALIVE
    assert p99([*pages, *files]) <= MOST_SECONDS_GROUPS
