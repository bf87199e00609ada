"""Schedules, for programs: put in force, shown, judged only, taken out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.schedules.schedule import DAY_NAMES
from tests.api.conftest import Call
from tests.api.paths import NOWHERE_ID, group_path
from tests.conftest import SignIn
from tests.support.audit_log import AuditLogReader
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.schedules import forget_schedules
from tests.support.tokens import TokenClient, make_token

SMALL = {"min_memory_gb": 8, "max_memory_gb": 16, "num_replicas": 1}
LARGE = {"min_memory_gb": 16, "max_memory_gb": 32, "num_replicas": 1}
WINDOW = {
    "name": "Office hours",
    "days": ["mon", "tue", "wed", "thu", "fri"],
    "start": "08:00",
    "end": "18:00",
    "settings": LARGE,
}
PLAN: dict[str, Any] = {"zone": "Europe/Berlin", "base": SMALL, "windows": [WINDOW]}


@pytest.fixture
def path(portal: PortalProcess, sandbox: RunningSandbox) -> Iterator[str]:
    """The address of the schedule of Analytics reporting, which has none before and after."""
    yield group_path(sandbox, part="schedule")
    forget_schedules(portal)


def test_a_group_without_a_schedule_says_so(call: Call, path: str) -> None:
    body = call("bob").get(path).body
    assert (body["version"], body["schedule"], body["changes"]) == (None, None, [])
    assert body["decides"] == {"ruling": "manual", "until": None, "name": ""}


def test_a_schedule_is_put_in_force_and_shown(call: Call, path: str) -> None:
    alice = call("alice")
    saved = alice.send("PUT", path, 200, json={**PLAN, "reason": "payroll", "version": 0}).body
    assert (saved["version"], saved["author"], saved["reason"]) == (1, "alice", "payroll")
    assert saved["schedule"]["windows"][0]["settings"]["max_memory_gb"] == 32
    assert len(saved["changes"]) == 10
    assert saved["decides"]["ruling"] in {"schedule", "base"}
    assert call("bob").get(path).body["schedule"] == saved["schedule"]


def test_the_same_schedule_is_not_saved_twice(call: Call, path: str) -> None:
    versions = [call("alice").send("PUT", path, 200, json=PLAN).body["version"] for _ in range(2)]
    assert versions == [1, 1]


def test_a_dry_run_saves_nothing(call: Call, path: str) -> None:
    answer = call("alice").send("PUT", path, 200, json={**PLAN, "dry_run": True})
    assert answer.body == {"message": "The schedule can be saved. Nothing was saved."}
    assert call("alice").get(path).body["version"] is None


def test_what_is_wrong_comes_all_at_once_with_the_way_to_it(call: Call, path: str) -> None:
    window = {**WINDOW, "start": "25:00", "settings": {**LARGE, "max_memory_gb": 8}}
    answer = call("alice").send("PUT", path, 422, json={**PLAN, "zone": "x", "windows": [window]})
    assert answer.codes == {
        ("zone", "zone_unknown"),
        ("windows.0.start", "clock_unknown"),
        ("windows.0.settings.max_memory_gb", "memory_min_above_max"),
    }


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"reason": 3}, ("reason", "not_text")),
        ({"dry_run": "yes"}, ("dry_run", "not_yes_or_no")),
        ({"version": -1}, ("version", "not_a_whole_number")),
        ({"version": "1"}, ("version", "not_a_whole_number")),
    ],
)
def test_options_are_judged_too(
    call: Call, path: str, options: dict[str, object], code: tuple[str, str]
) -> None:
    assert call("alice").send("PUT", path, 422, json={**PLAN, **options}).codes == {code}


def test_a_version_that_there_never_was_is_not_replaced(call: Call, path: str) -> None:
    alice = call("alice")
    assert alice.send("PUT", path, 409, json={**PLAN, "version": 7}).code == "configuration_changed"
    alice.send("PUT", path, 200, json=PLAN)
    large = {**PLAN, "zone": "UTC", "version": 10**20}  # more than a database can compare with
    assert alice.send("PUT", path, 409, json=large).code == "configuration_changed"


def test_a_version_that_is_not_in_force_is_not_replaced(call: Call, path: str) -> None:
    alice = call("alice")
    alice.send("PUT", path, 200, json=PLAN)
    late = {**PLAN, "zone": "UTC"}
    assert alice.send("PUT", path, 409, json={**late, "version": 0}).code == "configuration_changed"
    assert alice.send("PUT", path, 200, json={**late, "version": 1}).body["version"] == 2


def test_only_who_may_plan_can_write(call: Call, path: str, sandbox: RunningSandbox) -> None:
    bob = call("bob")
    assert bob.send("PUT", path, 403, json=PLAN).code == "not_allowed"
    assert bob.send("DELETE", path, 403).code == "not_allowed"
    assert call("charlie").send("PUT", path, 404, json=PLAN).code == "not_found"
    nowhere = f"/api/v1/groups/{NOWHERE_ID}/schedule"
    assert call("alice").send("PUT", nowhere, 401, json=PLAN).code == "wrong_credentials"


def test_a_removed_schedule_is_gone_and_recorded(
    call: Call, path: str, portal: PortalProcess
) -> None:
    alice = call("alice")
    assert alice.send("DELETE", path, 404).code == "not_found"
    alice.send("PUT", path, 200, json=PLAN)
    log = AuditLogReader(portal)
    alice.send("DELETE", path, 200)
    assert alice.get(path).body["version"] is None
    assert "remove_schedule" in [action for _, action, _ in log.told]


def test_a_schedule_that_stops_its_group_says_when_it_does(call: Call, path: str) -> None:
    plan = {**PLAN, "outside": "stop", "start_minutes_before": 20}
    saved = call("alice").send("PUT", path, 200, json={**plan, "dry_run": False}).body
    assert (saved["schedule"]["outside"], saved["schedule"]["start_minutes_before"]) == ("stop", 20)
    assert {item["stopped"] for item in saved["changes"]} == {True, False}
    assert saved["decides"]["ruling"] in {"schedule", "stopped_by_schedule"}
    kept = call("alice").send("PUT", path, 200, json=PLAN).body
    assert (kept["schedule"]["outside"], kept["schedule"]["start_minutes_before"]) == ("keep", 10)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"outside": "sleep"}, ("outside", "outside_unknown")),
        ({"start_minutes_before": 90}, ("start_minutes_before", "lead_out_of_range")),
        ({"outside": "stop", "windows": []}, ("outside", "stop_needs_window")),
    ],
)
def test_what_cannot_be_meant_about_stopping_is_refused(
    call: Call, path: str, values: dict[str, object], code: tuple[str, str]
) -> None:
    assert call("alice").send("PUT", path, 422, json={**PLAN, **values}).codes == {code}


def test_a_token_that_may_plan_and_not_stop_saves_none_that_stops(
    portal: PortalProcess, sign_in: SignIn, sandbox: RunningSandbox, path: str
) -> None:
    group = path.split("/")[-2]
    alice = sign_in("alice")
    planning = TokenClient(portal, make_token(alice, "alice", [group], ["view", "schedule"]))
    stopping = {**PLAN, "outside": "stop"}
    assert planning.send("PUT", path, 403, json=stopping).code == "not_allowed"
    planning.send("PUT", path, 200, json=PLAN)
    both = ["view", "schedule", "power"]
    asking = TokenClient(portal, make_token(alice, "alice", [group], both))
    assert asking.send("PUT", path, 403, json=stopping).code == "not_allowed"


TOKYO: dict[str, Any] = {**PLAN, "zone": "Asia/Tokyo", "base": SMALL}
"""In whole hours of UTC; its window is on a day that is not today anywhere."""


def _away() -> dict[str, Any]:
    day = DAY_NAMES[(datetime.now(UTC).weekday() + 3) % 7]
    return {**TOKYO, "windows": [{**WINDOW, "days": [day]}]}


def test_a_schedule_is_given_to_cloud_and_taken_back(
    call: Call, path: str, sandbox: RunningSandbox
) -> None:
    alice, cloud = call("alice"), f"{path}/cloud"
    alice.send("PUT", path, 200, json=_away())
    given = alice.send("POST", cloud, 200, json={"version": 1}).body
    assert (given["cloud_schedule"], given["decides"]["ruling"]) == ("as_written", "handed_over")
    assert alice.send("POST", cloud, 409, json={}).code
    assert alice.send("PUT", path, 409, json=PLAN).code == "not_possible"
    back = alice.send("DELETE", cloud, 200).body
    assert (back["cloud_schedule"], back["version"]) == ("none", 1)
    assert [it["method"] for it in sandbox.writes()] == ["POST", "DELETE"]
    assert alice.send("DELETE", cloud, 409).code == "configuration_changed"


@pytest.mark.parametrize(
    "plan",
    [PLAN, {**_away(), "outside": "stop"}, {**_away(), "windows": []}],
    ids=["clocks that change", "stopped outside", "no window"],
)
def test_what_cloud_cannot_say_is_not_given_to_it(
    call: Call, path: str, sandbox: RunningSandbox, plan: dict[str, Any]
) -> None:
    alice = call("alice")
    alice.send("PUT", path, 200, json=plan)
    assert alice.send("POST", f"{path}/cloud", 409, json={}).code == "not_possible"
    assert [it for it in sandbox.writes() if it["method"] == "POST"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"version": 0}, ("version", "not_a_whole_number")),
        ({"version": "1"}, ("version", "not_a_whole_number")),
        ({"reason": "x"}, ("reason", "unknown_field")),
    ],
)
def test_what_is_sent_along_to_cloud_is_judged(
    call: Call, path: str, body: dict[str, object], code: tuple[str, str]
) -> None:
    assert call("alice").send("POST", f"{path}/cloud", 422, json=body).codes == {code}


def test_who_may_not_plan_gives_nothing_to_cloud(call: Call, path: str) -> None:
    call("alice").send("PUT", path, 200, json=_away())
    for method in ("POST", "DELETE"):
        assert call("bob").send(method, f"{path}/cloud", 403, json={}).code == "not_allowed"
        assert call("charlie").send(method, f"{path}/cloud", 404, json={}).code == "not_found"
    late = {"version": 2}
    assert call("alice").send("POST", f"{path}/cloud", 409, json=late).code
    call("alice").send("DELETE", path, 200)
    assert call("alice").send("POST", f"{path}/cloud", 404, json={}).code == "not_found"
