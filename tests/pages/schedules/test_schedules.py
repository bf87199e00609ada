"""The pages of schedules: from nothing to a plan in force, and what is ordered besides."""

import re
from datetime import UTC, datetime

import pytest

from app.domain.schedules.schedule import DAY_NAMES
from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

OFFICE = {
    "zone": "Europe/Berlin",
    "w0_name": "Office hours",
    "w0_mon": "y",
    "w0_tue": "y",
    "w0_start": "08:00",
    "w0_end": "18:00",
    "w0_min_memory_gb": "16",
    "w0_max_memory_gb": "32",
    "reason": "payroll",
}


def fill_in(browser: Browser, path: str, fields: dict[str, str] | None = None) -> Page:
    """Fill in the form, on to the review."""
    browser.get(f"{path}/edit")
    return browser.submit("Review schedule", fields or OFFICE)


def save(browser: Browser, path: str) -> Page:
    """Save a schedule."""
    fill_in(browser, path)
    return browser.submit("Save schedule", to=path)


def test_a_group_without_a_schedule_lets_who_may_add_one(
    sign_in: SignIn, sandbox: RunningSandbox, path: str
) -> None:
    alice = sign_in("alice")
    assert alice.get(group_path(sandbox)).link("Schedule of this group") == path
    page = alice.get(path)
    assert page.h1 == f"Schedule of {REPORTING}"
    assert "This group has no schedule." in page.main
    assert page.has("Add a schedule")
    assert not sign_in("bob").get(path).has("Add a schedule")


def test_a_schedule_is_typed_reviewed_and_saved(sign_in: SignIn, path: str) -> None:
    alice = sign_in("alice")
    review = fill_in(alice, path)
    assert review.h1 == f"Review the schedule of {REPORTING}"
    assert "Nothing is saved yet." in review.main
    assert "Office hours Monday, Tuesday 08:00 18:00" in review.text("table")
    assert "This schedule" not in alice.get(path).main
    fill_in(alice, path)
    page = alice.submit("Save schedule", to=path)
    assert "1, saved today" in page.text("dl.summary-list")
    assert "payroll" in page.text("table")
    assert len(page.soup.select("svg.day rect")) == 2
    assert len(page.soup.select("time[datetime]")) >= 10
    assert "The portal runs this schedule: the clocks of its time zone change" in page.main


def test_the_review_leads_back_to_what_was_typed(sign_in: SignIn, path: str) -> None:
    alice = sign_in("alice")
    fill_in(alice, path)
    page = alice.submit("Change")
    assert page.value("w0_name") == "Office hours"
    assert page.value("w0_mon") == "y"


def test_another_window_is_added_without_losing_what_was_typed(sign_in: SignIn, path: str) -> None:
    alice = sign_in("alice")
    alice.get(f"{path}/edit")
    page = alice.submit("Add another window", OFFICE)
    assert page.value("w0_name") == "Office hours"
    assert page.value("w1_name") == ""
    more = {"w1_name": "Late", "w1_mon": "y", "w1_start": "17:00", "w1_end": "20:00"}
    page = alice.submit("Review schedule", more, status=422)
    assert page.summary == ["Name: the windows “Office hours” and “Late” overlap"]


def test_the_review_names_a_window_that_is_left_out_for_want_of_a_name(
    sign_in: SignIn, path: str
) -> None:
    page = fill_in(sign_in("alice"), path, {**OFFICE, "w0_name": ""})
    assert "Window 1 is left out: it has no name." in page.main


def test_the_form_says_what_holds_now_and_what_the_week_would_cost(
    sign_in: SignIn, path: str
) -> None:
    alice = sign_in("alice")
    alice.get(f"{path}/edit")
    summary = alice.submit("Add another window", OFFICE).text(".summary")
    assert "Size decided by No schedule Once saved Base size of the schedule" in summary
    assert "Configured now 1 \N{MULTIPLICATION SIGN} 8 to 16 GB" in summary
    assert "Cost of this week as planned $73.38 to $146.75" in summary
    assert "With the base size all the time $65.57 to $131.14" in summary
    assert "About this group Dashboards and reports of all teams · reporting@example.com" in summary
    half = alice.submit("Add another window", {"w0_end": "25:00"}).text(".summary")
    assert "Size decided by No schedule" in half
    assert "Cost" not in half


def test_what_is_wrong_stands_beside_its_field(sign_in: SignIn, path: str) -> None:
    alice = sign_in("alice")
    alice.get(f"{path}/edit")
    wrong = {**OFFICE, "zone": "Mars", "w0_end": "25:00", "w0_num_replicas": "0"}
    page = alice.submit("Review schedule", wrong, status=422)
    assert page.problem("zone") == "Enter a time zone such as Europe/Berlin"
    assert page.problem("w0_end") == "Enter a time such as 08:30; a window may end at 24:00"
    days = {**OFFICE, "w0_name": "Never"}
    alice.get(f"{path}/edit")
    del days["w0_mon"], days["w0_tue"]
    assert "Choose one or more days" in alice.submit("Review schedule", days, status=422).main


def test_a_window_is_skipped_and_the_schedule_paused_and_resumed(
    sign_in: SignIn, path: str
) -> None:
    alice = sign_in("alice")
    page = save(alice, path)
    first = page.text("tbody time")
    page = alice.submit("Skip next window", to=path)
    assert page.text("tbody time") != first
    assert page.text(".notice") == "The next window is left out."
    assert re.search(r"Left out ?“Office hours” on \w{3} \d+ \w{3} \d{4}", page.text("dl"))
    page = alice.submit("Pause schedule", {"until": "soon"}, status=422)
    assert page.soup.select(f'main[data-address="{path}"]')
    assert "Enter a date and time, such as 2026-12-24 18:00" in page.main
    page = alice.submit("Pause schedule", {"until": "1999-12-24 18:00"}, status=422)
    assert "The pause must end in the future" in page.main


def test_a_version_is_put_back_and_the_schedule_removed(sign_in: SignIn, path: str) -> None:
    alice = sign_in("alice")
    save(alice, path)
    fill_in(alice, path, {**OFFICE, "w0_name": "Longer"})
    alice.submit("Save schedule", to=path)
    page = alice.submit("Put back version 1", to=path)
    assert "3, saved today" in page.text("dl.summary-list")
    page = alice.submit("Remove schedule", to=path)
    assert "This group has no schedule." in page.main
    assert page.has("Put back version 3")


def test_somebody_elses_edit_is_not_overwritten(sign_in: SignIn, path: str) -> None:
    alice = sign_in("alice")
    save(alice, path)
    other = alice.clone()
    fill_in(other, path, {**OFFICE, "w0_name": "Theirs"})
    fill_in(alice, path, {**OFFICE, "w0_name": "Mine"})
    other.submit("Save schedule", to=path)
    page = alice.submit("Save schedule", status=409)
    assert "The schedule was changed by someone else." in page.main
    assert page.value("w0_name") == "Mine"


def test_the_overview_lists_the_groups_with_a_schedule(sign_in: SignIn, path: str) -> None:
    alice = sign_in("alice")
    assert "No group of yours has a schedule." in alice.get("/schedules").main
    save(alice, path)
    page = alice.get("/schedules")
    assert page.link(REPORTING) == path
    row = page.text("tbody tr")
    assert row.count("until") == 0  # the next change says when, and only once
    assert "Office hours" in row
    assert re.search(r"\$[0-9.]+ to \$[0-9.]+$", row)
    assert sign_in("bob").get("/schedules").link(REPORTING) == path


def test_only_who_may_plan_gets_the_form(sign_in: SignIn, path: str) -> None:
    bob = sign_in("bob")
    assert bob.get(f"{path}/edit", status=403).h1
    assert sign_in("dana").get(path, status=404).h1


@pytest.mark.parametrize(
    "fields",
    [{"version": "x"}, {"version": "-1"}, {}, {"version": "1", "w0_name": "x"}],
)
def test_odd_posts_are_no_fault(sign_in: SignIn, path: str, fields: dict[str, str]) -> None:
    alice = sign_in("alice")
    alice.get(path)
    token = {"csrf_token": alice.page.csrf_token}
    for part in ("/review", "/save", "/add", "/skip", "/pause", "/back", "/remove"):
        sent = {"data": {**token, **fields}, "headers": {"Origin": alice.url}}
        assert alice.fetch("POST", f"{path}{part}", **sent).status_code < 500


EVERY_DAY = {f"w0_{day}": "y" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
ALWAYS = {**OFFICE, **EVERY_DAY, "w0_start": "00:00", "w0_end": "24:00"}


def test_the_worker_sets_the_planned_size_and_the_group_says_what_decides(
    sandbox: RunningSandbox, fresh_portal: PortalProcess
) -> None:
    alice, path = Browser(fresh_portal.url), group_path(sandbox, part="schedule")
    alice.sign_in(sandbox.person("alice"))
    fill_in(alice, path, ALWAYS)
    alice.submit("Save schedule", to=path)
    wait_until(lambda: len(sandbox.writes()) == 1)
    assert sandbox.patches() == [{"minReplicaMemoryGb": 16, "maxReplicaMemoryGb": 32}]
    page = alice.get(group_path(sandbox))
    assert "Decided by: Schedule “Office hours”" in page.main
    wait_until(lambda: fresh_portal.execute("SELECT origin FROM changes") == [("schedule",)])
    assert len(sandbox.writes()) == 1


def test_clouds_own_schedule_is_shown_in_utc_and_in_local_time(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    dana = sign_in("dana")
    page = dana.get(group_path(sandbox, CAMPAIGNS, part="schedule"))
    assert "ClickHouse Cloud's own schedule" in page.text("dl.summary-list")
    assert "This group has no schedule of the portal." in page.main
    assert "00:00 to 24:00 01:00 to 01:00 02:00 to 02:00" in page.text("tbody")
    page = sign_in("alice").get(group_path(sandbox, part="schedule"))
    assert "ClickHouse Cloud has no schedule of its own" in page.main


def test_a_schedule_is_given_to_cloud_compared_and_taken_back(
    sign_in: SignIn, sandbox: RunningSandbox, path: str
) -> None:
    alice, bob = sign_in("alice"), sign_in("bob")
    away = DAY_NAMES[(datetime.now(UTC).weekday() + 3) % 7]
    hours = {"w0_start": "08:00", "w0_end": "18:00"}
    plan = {**OFFICE, **hours, "zone": "Asia/Tokyo", f"w0_{away}": "y"}
    for day in DAY_NAMES:
        if day != away:
            plan.pop(f"w0_{day}", None)
    fill_in(alice, path, plan)
    page = alice.submit("Save schedule", to=path)
    wanted = page.text("table:has(caption:-soup-contains('would get'))")
    assert "23:00 to 09:00 08:00 of the next day to 18:00" in wanted
    assert not bob.get(path).has("Give schedule to ClickHouse Cloud")
    page = alice.submit("Give schedule to ClickHouse Cloud", to=path)
    assert "Schedule, carried out by ClickHouse Cloud" in page.main
    assert "ClickHouse Cloud carries out version 1, as the portal has written it" in page.main
    for gone in ("Edit schedule", "Skip next window", "Pause schedule", "Remove schedule"):
        assert not page.has(gone)
    (call,) = sandbox.writes()
    assert [it["startHourUtc"] for it in call["body"]["entries"]] == [23]
    page = alice.submit("Take schedule back", to=path)
    assert "ClickHouse Cloud has no schedule of its own" in page.main
    assert [it["method"] for it in sandbox.writes()] == ["POST", "DELETE"]
    assert page.has("Edit schedule")
