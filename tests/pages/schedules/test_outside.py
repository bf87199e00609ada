"""A schedule that stops its group outside its windows: who may save it, what the pages say, and
what goes out."""

from datetime import UTC, datetime
from typing import Any

from app.domain.schedules.schedule import DAY_NAMES
from tests.conftest import SignIn, StartPortal
from tests.pages.people import group_path
from tests.pages.schedules.test_schedules import OFFICE, fill_in
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

STOPPING = {**OFFICE, "outside": "stop", "start_minutes_before": "15"}
AWAY = DAY_NAMES[(datetime.now(UTC).weekday() + 3) % 7]
"""A day that neither is today nor begins within an hour, in any time zone."""

ELSEWHEN = {name: value for name, value in STOPPING.items() if name not in {"w0_mon", "w0_tue"}}
ELSEWHEN[f"w0_{AWAY}"] = "y"


def forbid_stopping(config: dict[str, Any]) -> None:
    """Alice may plan and scale, and not stop."""
    config["warehouses"][0]["access"][0]["permissions"] = ["operator", "schedule"]


def test_the_review_says_what_a_stop_means_and_the_page_when_it_runs(
    sign_in: SignIn, path: str
) -> None:
    alice = sign_in("alice")
    review = fill_in(alice, path, STOPPING)
    assert "The group is stopped outside these hours." in review.main
    assert "sign-in by a password through this group is not possible" in review.main
    assert "It is started 15 minutes before each window" in review.main
    assert "No other group of its warehouse runs now." not in review.main
    assert "Outside all windows Stopped" in review.text("table:has(time)")
    assert "07:45" in review.text("table:has(time)")
    page = alice.submit("Change")
    assert (page.value("outside"), page.value("start_minutes_before")) == ("stop", "15")
    alice.submit("Review schedule")
    page = alice.submit("Save schedule", to=path)
    assert "The portal runs this schedule: it stops the group" in page.main
    page = alice.get(f"{path}/edit")
    assert (page.value("outside"), page.value("start_minutes_before")) == ("stop", "15")


def test_what_is_wrong_with_it_stands_beside_its_field(sign_in: SignIn, path: str) -> None:
    alice = sign_in("alice")
    wrong = {**STOPPING, "start_minutes_before": "61"}
    alice.get(f"{path}/edit")
    page = alice.submit("Review schedule", wrong, status=422)
    assert page.problem("start_minutes_before") == "Enter a number of minutes from 0 to 60"
    alice.get(f"{path}/edit")
    page = alice.submit("Review schedule", {"zone": "UTC", "outside": "stop"}, status=422)
    assert "needs a window to run in" in (page.problem("outside") or "")


def test_the_last_running_group_of_a_warehouse_is_named_as_such(
    sandbox: RunningSandbox, sign_in: SignIn, path: str
) -> None:
    alice = sign_in("alice")
    for name in ("primary", "ad hoc", "archive"):
        sandbox.force(f"Analytics {name}", state="stopped")
    review = fill_in(alice, path, STOPPING)
    assert "No other group of its warehouse runs now." in review.main


def test_without_the_right_to_stop_it_is_refused_and_nothing_typed_is_lost(
    sandbox: RunningSandbox, start_portal: StartPortal
) -> None:
    portal = start_portal(adapt=forbid_stopping)
    alice, path = Browser(portal.url), group_path(sandbox, part="schedule")
    alice.sign_in(sandbox.person("alice"))
    alice.get(f"{path}/edit")
    page = alice.submit("Review schedule", STOPPING, status=403)
    assert "this needs the permission “start/stop”" in page.main
    assert (page.value("w0_name"), page.value("outside")) == ("Office hours", "stop")
    page = alice.submit("Review schedule", {"outside": "keep"})
    assert page.h1.startswith("Review the schedule")


def test_the_worker_stops_the_group_and_the_page_says_by_whom(
    sandbox: RunningSandbox, fresh_portal: PortalProcess
) -> None:
    alice, path = Browser(fresh_portal.url), group_path(sandbox, part="schedule")
    alice.sign_in(sandbox.person("alice"))
    fill_in(alice, path, ELSEWHEN)
    alice.submit("Save schedule", to=path)
    wait_until(lambda: any(it["body"] == {"command": "stop"} for it in sandbox.writes()))
    stopped = [("stop", "schedule", "applied")]
    query = "SELECT act, origin, state FROM changes WHERE act = 'stop'"
    wait_until(lambda: fresh_portal.execute(query) == stopped)
    page = alice.get(group_path(sandbox))
    assert "Decided by: Stopped by schedule until" in page.main
    assert "Its schedule has stopped it, and starts it again." in page.main
    assert "Stopped by schedule" in alice.get("/schedules").main
    page = alice.get(path)
    assert "The group stays as it is, stopped until somebody starts it." in page.main
