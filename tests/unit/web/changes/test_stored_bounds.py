"""The form over what is stored from before: it can be kept, and what is missing is asked for."""

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from tests.unit.builders import PRIMARY_ID, REPORTING_ID
from tests.unit.cloud.helpers import service_json
from tests.unit.web.odd_cloud import OddPortal, odd_portal

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
PATH = f"/groups/{PRIMARY_ID}/scale"
UNEQUAL = {
    "autoscalingMode": "horizontal",
    "minReplicaMemoryGb": 16,
    "numReplicas": None,
    "minReplicas": 2,
    "maxReplicas": 6,
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddPortal]:
    """The application over a Cloud that says what a test sets."""
    folder = tmp_path_factory.mktemp("portal")
    with pytest.MonkeyPatch.context() as patch, odd_portal(folder, patch) as portal:
        yield portal


def send(odd: OddPortal, stored: dict[str, Any], typed: dict[str, str]) -> TestResponse:
    """Open the form, type something, send everything it holds."""
    odd.show(services=[service_json(**stored), service_json(id=REPORTING_ID)])
    page = BeautifulSoup(odd.alice.get(PATH).data, "html.parser")
    form = page.select_one("form[data-totals]")
    assert form is not None
    fields = {str(tag["name"]): _value(tag) for tag in form.select("input, select, textarea")}
    for tag in form.select("input[type=radio][checked]"):
        fields[str(tag["name"])] = str(tag["value"])
    return odd.alice.post(PATH, data=fields | typed)


def _value(tag: Tag) -> str:
    chosen = tag.select_one("option[selected]") if tag.name == "select" else tag
    return str(chosen.get("value", "")) if chosen else ""


def patch_of(odd: OddPortal, answer: TestResponse) -> dict[str, Any]:
    """What the draft that was made would send."""
    assert answer.status_code == 303, answer.text
    change = odd.portal.ledger.changes.find_change(answer.location.split("/")[2])
    assert change is not None
    return change.patch


def test_two_sizes_stored_in_horizontal_mode_are_shown_and_kept(odd: OddPortal) -> None:
    answer = send(odd, UNEQUAL, {"max_replicas": "7"})
    assert patch_of(odd, answer) == {"minReplicas": 2, "maxReplicas": 7}
    assert "16 to 32\N{NO-BREAK SPACE}GB per replica, as it is stored" in odd.alice.get(PATH).text


def test_changing_the_size_sends_both_ends(odd: OddPortal) -> None:
    answer = send(odd, UNEQUAL, {"memory_gb": "32"})
    assert patch_of(odd, answer) == {"minReplicaMemoryGb": 32, "maxReplicaMemoryGb": 32}


def test_other_two_sizes_cannot_be_forged(odd: OddPortal) -> None:
    answer = send(odd, UNEQUAL, {"memory_gb": "16-64"})
    assert answer.status_code == 422
    assert "both must be the same" in answer.text


def test_idling_switched_on_asks_for_the_timeout_that_cloud_forgot(odd: OddPortal) -> None:
    forgotten = {"idleScaling": False, "idleTimeoutMinutes": None}
    answer = send(odd, forgotten, {"idle_scaling": "on"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "html.parser")
    beside = page.select_one("#idle_timeout_minutes-problem")
    assert beside is not None
    assert "Enter an idle timeout" in beside.text
    answer = send(odd, forgotten, {"idle_scaling": "on", "idle_timeout_minutes": "20"})
    assert patch_of(odd, answer) == {"idleScaling": True, "idleTimeoutMinutes": 20}
