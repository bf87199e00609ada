"""Whatever Cloud says of a service, every page about it is shown."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.cloud_json import ANY_JSON, FEW, MANY, odd_services
from tests.unit.builders import PRIMARY_ID, REPORTING_ID
from tests.unit.cloud.helpers import service_json
from tests.unit.web.odd_cloud import OddPortal, odd_portal

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
PRIMARY = service_json()
GROUP = f"/groups/{PRIMARY_ID}"
PAGES = ("/groups", "/groups?sort=size", GROUP, f"{GROUP}/live")
NULLS = dict.fromkeys(name for name in PRIMARY if name != "id")
ACTIVITY = {"createdAt": "2026-11-26T05:00:00Z", "type": "service_stop", "serviceId": PRIMARY_ID}
EXAMPLES = [
    PRIMARY | {"minReplicaMemoryGb": "16"},  # unreadable beside what is in effect
    PRIMARY | {"minReplicaMemoryGb": 0, "maxReplicaMemoryGb": 0},
    PRIMARY | {"numReplicas": 0},
    PRIMARY | {"minReplicaMemoryGb": 10**400, "maxReplicaMemoryGb": 10**400},
    PRIMARY | {"numReplicas": None, "currentScaling": None},
    PRIMARY | {"state": "failed"},
    PRIMARY | NULLS,
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddPortal]:
    """One application for all examples."""
    folder = tmp_path_factory.mktemp("portal")
    with pytest.MonkeyPatch.context() as patch, odd_portal(folder, patch) as portal:
        yield portal


def check_pages(odd: OddPortal, service: dict[str, Any], activity: object) -> None:
    """Every page that tells of the service is shown."""
    other = service_json(id=REPORTING_ID, name="Analytics reporting")
    odd.show(services=[service, other], activities=[activity, ACTIVITY])
    for path in PAGES:
        assert odd.alice.get(path).status_code == 200, path
    assert odd.alice.get(f"{GROUP}/scale").status_code in {200, 409}
    for path in ("/admin", "/admin/cloud"):
        assert odd.admin.get(path).status_code == 200


@pytest.mark.parametrize("service", EXAMPLES)
def test_what_once_stopped_a_page_is_shown(odd: OddPortal, service: dict[str, Any]) -> None:
    check_pages(odd, service, None)


@given(service=odd_services(PRIMARY), activity=ANY_JSON)
@example(PRIMARY, {**ACTIVITY, "createdAt": "0001-01-01T00:00:00+14:00"})
@example(PRIMARY, {**ACTIVITY, "createdAt": "9999-12-31T23:59:59-14:00"})
@settings(FEW, max_examples=40)
def test_any_service_is_shown(odd: OddPortal, service: dict[str, Any], activity: object) -> None:
    check_pages(odd, service, activity)


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
@given(service=odd_services(PRIMARY), activity=ANY_JSON)
@MANY
def test_any_service_is_shown_ten_thousand_times(
    odd: OddPortal, service: dict[str, Any], activity: object
) -> None:
    check_pages(odd, service, activity)


@given(services=ANY_JSON, keys=ANY_JSON | st.lists(ANY_JSON, max_size=3))
@settings(FEW, max_examples=40)
def test_any_list_leaves_the_pages_standing(odd: OddPortal, services: object, keys: object) -> None:
    odd.show(services=services, keys=keys, activities=services)
    for path in PAGES:
        assert odd.alice.get(path).status_code == 200, path
    for path in ("/admin", "/admin/cloud"):
        assert odd.admin.get(path).status_code == 200
