"""What happened to all groups, for programs: what can be asked for, and what is no such choice."""

import pytest

from tests.api.conftest import Call
from tests.api.paths import CAMPAIGNS, REPORTING
from tests.support.sandbox import RunningSandbox

ACTIVITY = "/api/v1/activity?warehouse=analytics"


def test_what_can_be_chosen_is_taken(call: Call, sandbox: RunningSandbox) -> None:
    asked = f"group={sandbox.service_id(REPORTING)}&user=alice&action=scale&outcome=done"
    asked += "&days=7&to=2026-11-20"
    shown = call("alice").get(f"{ACTIVITY}&{asked}&before=1764100000000000-cABCD-2345").body
    assert shown == {"entries": [], "older": None, "cloud_fault": None}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("group", "6c8e7a3f-0000-4000-8000-000000000000", "group_unknown"),
        ("group", "", "group_unknown"),
        ("user", "", "required"),
        ("action", "resize", "choice_unknown"),
        ("outcome", "Done", "choice_unknown"),
        ("outcome", "", "choice_unknown"),
        ("days", "8", "choice_unknown"),
        ("days", "07", "choice_unknown"),
        ("from", "22.11.2026", "not_a_day"),
        ("to", "", "not_a_day"),
        ("before", "yesterday", "cursor_unknown"),
    ],
)
def test_what_is_no_choice_is_refused_with_its_field(
    call: Call, field: str, value: str, code: str
) -> None:
    answer = call("alice").get(f"{ACTIVITY}&{field}={value}", 422)
    assert answer.codes == {(field, code)}


def test_a_group_that_one_may_not_see_is_refused_like_one_that_is_not_there(
    call: Call, sandbox: RunningSandbox
) -> None:
    unseen = f"{ACTIVITY}&group={sandbox.service_id(CAMPAIGNS)}"
    absent = f"{ACTIVITY}&group=6c8e7a3f-0000-4000-8000-000000000000"
    said = [call("alice").get(path, 422).body | {"request_id": ""} for path in (unseen, absent)]
    assert said[0] == said[1]
