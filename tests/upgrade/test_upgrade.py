"""A start of this version over a database that an earlier one has left, with 100,000 events."""

from pathlib import Path

import pytest
import requests
from pydantic import SecretStr

from tests.conftest import StartPortal
from tests.operations.steps import command
from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.pages.people import confirm, draft
from tests.support.browser import Browser
from tests.support.portal import DATABASE_URL, PortalProcess, administrator_settings
from tests.support.sandbox import RunningSandbox
from tests.upgrade.generate import make_database

EVENTS = 100_000
FIRST_WITH_EVENTS, OF_0_1_0 = "0003", "0010"
COUNTING = "tests.upgrade.counting_wsgi"
HEADER = "X-Work"
"""In which counting_wsgi says how much it was."""

# What the database may have to do, in its own measure (see counting_wsgi). Migrations may look at
# each event a few times, and the check of the log reads each once or twice: what grows with the
# square of them is far above. A page must not look at all of them.
MOST_WORK_FOR_EACH_EVENT = {"sqlite": 50, "postgresql": 3}
MOST_WORK_FOR_A_PAGE = {"sqlite": 20_000, "postgresql": 1000}

pytestmark = [pytest.mark.upgrade, pytest.mark.timeout(400)]


def work_of(portal: PortalProcess) -> int:
    """What the database has done for the portal since it began to start. Raises AssertionError
    where it is not ready."""
    answer = requests.get(f"{portal.url}/readyz", timeout=30)
    assert answer.status_code == 200
    return int(answer.headers[HEADER])


@pytest.mark.parametrize("revision", [FIRST_WITH_EVENTS, OF_0_1_0])
def test_a_database_of_an_earlier_version_is_brought_up_to_date_and_keeps_everything(
    start_portal: StartPortal,
    sandbox: RunningSandbox,
    shared_url: str,
    capsys: pytest.CaptureFixture[str],
    revision: str,
) -> None:
    make_database(SecretStr(shared_url), revision, EVENTS)
    settings = {DATABASE_URL: shared_url, **administrator_settings(NAME, PASSWORD)}
    portal = start_portal(entry=f"{COUNTING}:app", **settings)
    started = work_of(portal)
    ((count, last),) = portal.execute("SELECT count(*), max(seq) FROM events")
    assert count == last > EVENTS

    administrator = AdminBrowser(portal.url)
    administrator.sign_in_as_admin()
    before = work_of(portal)
    administrator.get("/admin/audit")
    page = work_of(portal) - before
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    draft(alice, sandbox)
    confirm(alice)

    proven = command(portal, "audit", "verify", entry=COUNTING)
    assert proven.returncode == 0, proven.stderr
    verified = int(proven.stderr.split()[-1])
    kind = shared_url.partition(":")[0]
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this test is for
            f"\n{kind} from {revision}: the database's work was {started} to start, "
            f"{page} for a page of the log, {verified} to verify it"
        )
    assert started < MOST_WORK_FOR_EACH_EVENT[kind] * EVENTS
    assert page < MOST_WORK_FOR_A_PAGE[kind]
    assert EVENTS < verified < MOST_WORK_FOR_EACH_EVENT[kind] * EVENTS


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
