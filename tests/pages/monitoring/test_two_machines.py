"""Two portals over one database, on each database: rules that differ, one that begins anew, and
what nobody looks at."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from urllib3.exceptions import NewConnectionError

from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.pages.changes.buttons import press
from tests.pages.people import REPORTING, draft, let_bob_scale, reference_of
from tests.support.browser import Browser
from tests.support.leading import leader, processes
from tests.support.portal import PortalProcess, administrator_settings
from tests.support.sandbox import RunningSandbox
from tests.support.twins import Twins, running_twins
from tests.support.waiting import wait_until

IN_TIME_SECONDS = 15.0
DIFFERENT = "different files of groups and permissions"
DIFFER_SECONDS = 31
"""For so long two files may differ before that is told."""
TOLD_SECONDS = 12.0
"""A process reports its rules every ten seconds."""
POLLERS = 8
POLL_SECONDS = 0.05


@pytest.fixture
def twins(sandbox: RunningSandbox, shared_url: str, tmp_path: Path) -> Iterator[Twins]:
    """Two ordinary portals, both of which have reported, and one of which leads."""
    administrator = administrator_settings(NAME, PASSWORD)
    with running_twins(tmp_path, sandbox, shared_url, **administrator) as portals:
        wait_until(lambda: len(processes(portals.first)) == 2 and leader(portals.first) != 0)
        yield portals


def alice_at(portal: PortalProcess) -> Browser:
    """Alice, with a connection for each request."""
    alice = Browser(portal.url)
    alice.session.headers["Connection"] = "close"
    alice.sign_in(portal.sandbox.person("alice"))
    return alice


def told_at(portal: PortalProcess) -> tuple[bool, bool, bool]:
    """Whether the administrator's page, /readyz and /metrics say that the rules differ."""
    root = AdminBrowser(portal.url)
    root.sign_in_as_admin()
    page = root.get("/admin/jobs")
    ready = requests.get(f"{portal.url}/readyz", timeout=10)
    figures = requests.get(f"{portal.url}/metrics", timeout=10).text
    assert ready.status_code == 200
    return (
        DIFFERENT in page.main,
        DIFFERENT in ready.text,
        "portal_rules_files_differ 1.0" in figures,
    )


def rules_in(portal: PortalProcess) -> int:
    """How many different files the processes have reported."""
    ((count,),) = portal.execute("SELECT count(DISTINCT rules_hash) FROM replicas")
    return int(count)


def test_different_rules_files_are_told_at_both_until_they_are_the_same(twins: Twins) -> None:
    first, second = twins.both
    assert [told_at(portal) for portal in twins.both] == [(False,) * 3] * 2
    second.configure(let_bob_scale)
    wait_until(lambda: rules_in(first) == 2, seconds=TOLD_SECONDS)
    assert [told_at(portal) for portal in twins.both] == [(False,) * 3] * 2  # it is not so for long
    first.age("replicas", "rules_since", DIFFER_SECONDS)
    assert [told_at(portal) for portal in twins.both] == [(True,) * 3] * 2
    first.configure(let_bob_scale)
    wait_until(lambda: rules_in(first) == 1, seconds=TOLD_SECONDS)
    assert [told_at(portal) for portal in twins.both] == [(False,) * 3] * 2


def seconds_until(is_so: Callable[[], bool]) -> float:
    """How long it took; it fails after IN_TIME_SECONDS."""
    began_at = time.monotonic()
    wait_until(is_so, seconds=IN_TIME_SECONDS)
    return time.monotonic() - began_at


def test_a_change_ends_and_its_effect_is_recorded_in_time_with_no_page_open(
    twins: Twins, sandbox: RunningSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    first = twins.first
    alice = alice_at(first)
    page = draft(alice, sandbox)
    reference = reference_of(page)
    sandbox.fault("PATCH *", "drop_after_apply")
    path = page.path.replace("/review", "/confirm")
    assert press(alice, path, page.csrf_token)() == 303
    settled = f"SELECT state FROM changes WHERE reference = '{reference}'"  # noqa: S608 - our own
    assert first.execute(settled) == [("unknown",)]
    settling = seconds_until(lambda: first.execute(settled) == [("applied",)])
    sandbox.advance(3600)
    in_effect = "SELECT count(*) FROM changes WHERE effective_at IS NOT NULL"
    taking_effect = seconds_until(lambda: first.execute(in_effect) == [(1,)])
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what is wanted
            f"\nNobody looks: settled after {settling:.1f} s, in effect after {taking_effect:.1f} s"
        )
    assert len(sandbox.patches()) == 1


class Proxy:
    """Asks both portals in turn for what an open page asks for, as what stands in front does: where
    nobody takes the connection the other one is asked. Everything else than an answer is a fault.
    """

    def __init__(self, alice: Browser, twins: Twins) -> None:
        self.cookies, self.urls = alice.session.cookies.get_dict(), [p.url for p in twins.both]
        self.is_over = threading.Event()
        self.met = Counter[str]()

    def poll(self, turn: int) -> None:
        """Go on until it is over."""
        while not self.is_over.wait(POLL_SECONDS):
            turn += 1
            met = self._ask(self.urls[turn % 2])
            self.met[met] += 1
            if met == "refused":
                self.met[self._ask(self.urls[(turn + 1) % 2])] += 1

    def _ask(self, url: str) -> str:
        headers = {"Connection": "close"}
        try:
            answer = requests.get(
                f"{url}/groups/live", cookies=self.cookies, headers=headers, timeout=30
            )
        except requests.ConnectionError as error:
            reason = getattr(error.args[0], "reason", None)
            return "refused" if isinstance(reason, NewConnectionError) else repr(error)
        return str(answer.status_code)


def begin_anew(portal: PortalProcess) -> None:
    """As an operator does who has changed the settings."""
    before = set(portal.workers())
    portal.hang_up()
    wait_until(lambda: not before & set(portal.workers()) and len(portal.workers()) == 1)


def restart_in_good_order(portal: PortalProcess) -> None:
    """As an upgrade does."""
    portal.stop()
    portal.start()


def test_one_after_the_other_is_restarted_and_no_request_fails(
    twins: Twins, sandbox: RunningSandbox
) -> None:
    alice = alice_at(twins.first)
    page = draft(alice, sandbox)
    slow_press = press(alice, page.path.replace("/review", "/confirm"), page.csrf_token)
    proxy = Proxy(alice, twins)
    with ThreadPoolExecutor(POLLERS + 1) as pool:
        polling = [pool.submit(proxy.poll, number) for number in range(POLLERS)]
        try:
            for portal in twins.both:
                begin_anew(portal)
            sandbox.fault("PATCH *", "slow", seconds=2)
            pressed = pool.submit(slow_press)
            wait_until(lambda: sandbox.patches() != [])
            for portal in twins.both:
                restart_in_good_order(portal)
            assert pressed.result() == 303  # what was begun was ended
        finally:
            proxy.is_over.set()
        for each in polling:
            each.result()
    assert set(proxy.met) <= {"200", "204", "refused"}, proxy.met
    assert proxy.met["refused"] > 0
    assert twins.first.execute("SELECT state FROM changes") == [("applied",)]
    assert REPORTING in alice.get("/groups").main  # the session lives on
