"""A start of this version over a database that an earlier one has left, with 100,000 events."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from pydantic import SecretStr

from tests.conftest import StartPortal
from tests.operations.steps import command
from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.pages.people import confirm, draft
from tests.support.browser import Browser
from tests.support.portal import DATABASE_URL, administrator_settings
from tests.support.sandbox import RunningSandbox
from tests.upgrade.generate import make_database

EVENTS = 100_000
FIRST_WITH_EVENTS, OF_0_1_0 = "0003", "0010"
# Far above what is measured, so that a busy machine is no fault: what grows with the square of the
# events, or reads all of them for a page, takes longer.
MOST_SECONDS_TO_START = 60.0
MOST_SECONDS_TO_VERIFY = 180.0
MOST_SECONDS_FOR_A_PAGE = 10.0

pytestmark = [pytest.mark.upgrade, pytest.mark.timeout(400)]


def seconds_of(act: Callable[[], object]) -> float:
    """How long it takes."""
    began_at = time.monotonic()
    act()
    return time.monotonic() - began_at


@pytest.mark.parametrize("revision", [FIRST_WITH_EVENTS, OF_0_1_0])
def test_a_database_of_an_earlier_version_is_brought_up_to_date_in_time_and_keeps_everything(
    start_portal: StartPortal,
    sandbox: RunningSandbox,
    shared_url: str,
    capsys: pytest.CaptureFixture[str],
    revision: str,
) -> None:
    made = seconds_of(lambda: make_database(SecretStr(shared_url), revision, EVENTS))
    settings = {DATABASE_URL: shared_url, **administrator_settings(NAME, PASSWORD)}
    began_at = time.monotonic()
    portal = start_portal(**settings)
    started = time.monotonic() - began_at
    assert requests.get(f"{portal.url}/readyz", timeout=30).status_code == 200
    ((count, last),) = portal.execute("SELECT count(*), max(seq) FROM events")
    assert count == last > EVENTS

    administrator = AdminBrowser(portal.url)
    administrator.sign_in_as_admin()
    page = seconds_of(lambda: administrator.get("/admin/audit"))
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    draft(alice, sandbox)
    confirm(alice)

    began_at = time.monotonic()
    proven = command(portal, "audit", "verify")
    verified = time.monotonic() - began_at
    assert proven.returncode == 0, proven.stderr
    with capsys.disabled():
        kind = shared_url.partition(":")[0]
        print(  # noqa: T201 - the figures are what this test is for
            f"\n{kind} from {revision}: made in {made:.1f} s, started in {started:.1f} s, "
            f"a page of the log in {page:.2f} s, verified in {verified:.1f} s"
        )
    assert started < MOST_SECONDS_TO_START
    assert page < MOST_SECONDS_FOR_A_PAGE
    assert verified < MOST_SECONDS_TO_VERIFY


def test_the_generator_makes_what_the_portal_takes_for_whole(
    start_portal: StartPortal, tmp_path: Path
) -> None:
    """And a database that it has made wrong would be found out."""
    url = f"sqlite:///{tmp_path}/made.db"
    make_database(SecretStr(url), OF_0_1_0, 1000)
    portal = start_portal(**{DATABASE_URL: url})
    assert command(portal, "audit", "verify").returncode == 0
    portal.execute("UPDATE events SET text = replace(text, 'person7', 'person8') WHERE seq = 7")
    assert "BROKEN at event 7" in command(portal, "audit", "verify").stderr
