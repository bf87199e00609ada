"""Whatever the form for another size is sent with, it is refused or a draft within the limits."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.changes.rules import check_request
from app.domain.changes.scaling_request import request_for
from tests.support.cloud_json import FEW, MANY
from tests.unit.builders import PRIMARY_ID
from tests.unit.cloud.helpers import service_json
from tests.unit.web.odd_cloud import OddPortal, odd_portal

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")
Form = dict[str, str | list[str]]
PATH = f"/groups/{PRIMARY_ID}/scale"
NAMES = (
    "min_memory_gb",
    "max_memory_gb",
    "memory_gb",
    "num_replicas",
    "min_replicas",
    "max_replicas",
    "idle_scaling",
    "idle_timeout_minutes",
    "reason",
    "drawn_from",
)
VALUES = (
    st.integers(-5, 400).map(str)
    | st.sampled_from(
        ["8", "16", "32", "64", "on", "off", "yes", "no", "\N{ARABIC-INDIC DIGIT TWO}"]
    )
    | st.from_regex(r"\A(vertical|horizontal)(:[0-9]{1,12}){4}:[01]:(None|[0-9]{1,12})\Z")
    | st.text(max_size=20)
    | st.just("9" * 5000)
)
FORMS = st.dictionaries(st.sampled_from(NAMES), VALUES | st.lists(VALUES, max_size=2)) | (
    st.dictionaries(st.sampled_from(NAMES) | st.text(min_size=1, max_size=8), VALUES, max_size=8)
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddPortal]:
    """One application for all examples."""
    folder = tmp_path_factory.mktemp("portal")
    with pytest.MonkeyPatch.context() as patch, odd_portal(folder, patch) as portal:
        portal.show(services=[service_json()])
        yield portal


@pytest.fixture(scope="module")
def base(odd: OddPortal) -> Form:
    """The fields that nobody types."""
    page = BeautifulSoup(odd.alice.get(PATH).data, "html.parser")
    return {
        str(tag["name"]): str(tag["value"])
        for tag in page.select("form[data-totals] input[type=hidden]")
    }


def check_form(odd: OddPortal, base: Form, form: Form) -> str:
    """How it ended: a draft keeps every rule that the group has."""
    answer = odd.alice.post(PATH, data=base | form)
    assert answer.status_code in {303, 400, 409, 422}, answer.status_code
    if answer.status_code != 303:
        return "refused"
    if not answer.location.startswith("/changes/"):
        return "nothing to change"
    change = odd.portal.ledger.changes.find_change(answer.location.split("/")[2])
    assert change is not None
    assert change.target is not None
    assert change.before is not None
    group = odd.app.extensions["settings"].catalog.find_group(PRIMARY_ID)
    assert check_request(request_for(change.target, reason=""), change.before, group.limits) == ()
    return "drafted"


def test_a_right_form_is_a_draft_and_a_wrong_one_is_refused(odd: OddPortal, base: Form) -> None:
    right: Form = {"min_memory_gb": "8", "max_memory_gb": "64", "num_replicas": "3"}
    right |= {"idle_scaling": "on", "idle_timeout_minutes": "15"}
    assert check_form(odd, base, right) == "drafted"
    assert check_form(odd, base, right | {"num_replicas": "51"}) == "refused"


@given(FORMS)
@example({"min_memory_gb": "8", "max_memory_gb": "64", "num_replicas": "3"})
@settings(FEW, max_examples=150)
def test_no_form_is_a_fault(odd: OddPortal, base: Form, form: Form) -> None:
    check_form(odd, base, form)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@given(FORMS)
@MANY
def test_no_form_is_a_fault_ten_thousand_times(odd: OddPortal, base: Form, form: Form) -> None:
    check_form(odd, base, form)
