"""The load of a group for programs: steps, advice, and why not."""

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import CAMPAIGNS, REPORTING, group_path
from tests.conftest import StartPortal
from tests.support.load import write_load
from tests.support.sandbox import RunningSandbox


def test_steps_and_advice_are_told(start_portal: StartPortal, sandbox: RunningSandbox) -> None:
    portal = start_portal()
    write_load(portal, sandbox.service_id(REPORTING), failures=12)
    client = ApiClient(portal.url, sandbox.person("bob"))
    day = client.get(group_path(sandbox, REPORTING, "load")).body
    assert (day["span"], day["step_seconds"]) == ("day", 900)
    assert 90 < len(day["steps"]) <= 96
    assert {step["activity"] for step in day["steps"]} == {"awake", "idle"}
    assert sum(step["memory_failures"] or 0 for step in day["steps"]) == 12
    assert day["advice"]["kind"] == "more_memory"
    assert day["advice"]["target"]["max_memory_gb"] == 32
    assert (day["silence"], day["fault"]) == (None, None)
    month = client.get(f"{group_path(sandbox, REPORTING, 'load')}?span=month").body
    assert month["step_seconds"] == 4 * 3600


def test_without_figures_nothing_is_advised_and_it_says_why(
    call: Call, sandbox: RunningSandbox
) -> None:
    shown = call("alice").get(group_path(sandbox, "Analytics primary", "load")).body
    assert (shown["steps"], shown["advice"], shown["silence"]) == ([], None, "too_little")


@pytest.mark.parametrize("span", ["", "year", "Day", "%F0%9F%9A%80"])
def test_another_span_is_refused_with_its_field(
    call: Call, sandbox: RunningSandbox, span: str
) -> None:
    answer = call("alice").get(f"{group_path(sandbox, REPORTING, 'load')}?span={span}", 422)
    assert answer.codes == {("span", "span_unknown")}


def test_whoever_may_not_see_a_group_does_not_see_its_load(
    call: Call, sandbox: RunningSandbox
) -> None:
    path = group_path(sandbox, REPORTING, "load")
    assert (
        call("charlie").get(path, 404).code
        == call("charlie").get(group_path(sandbox, REPORTING), 404).code
    )
    assert call("alice").get(group_path(sandbox, CAMPAIGNS, "load"), 401)
