"""What the pages say of a group in every odd condition: nothing that is not so."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.domain.changes.change import ChangeState, Outcome, SettledBy
from tests.support.events import EVENT
from tests.support.page_checks import words
from tests.unit.builders import PRIMARY_ID, REPORTING_ID, make_change
from tests.unit.cloud.helpers import service_json
from tests.unit.web.odd_cloud import OddPortal, odd_portal

CURRENT = service_json()["currentScaling"]
ASKED = "Requested through this portal, or elsewhere."
DRAIN = "new replicas start before old ones drain"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddPortal]:
    """The application over a Cloud that says what a test sets."""
    folder = tmp_path_factory.mktemp("portal")
    with pytest.MonkeyPatch.context() as patch, odd_portal(folder, patch) as portal:
        yield portal


def glance(odd: OddPortal, **fields: Any) -> str:  # noqa: ANN401 - any field
    """What the top of the group's page says of a service with these fields."""
    odd.show(services=[service_json(**fields), service_json(id=REPORTING_ID)])
    page = BeautifulSoup(odd.alice.get(f"/groups/{PRIMARY_ID}").data, "html.parser")
    (top,) = page.select("dl.glance")
    return words(top)


def test_draining_is_told_of_only_where_the_size_differs(odd: OddPortal) -> None:
    assert DRAIN in glance(odd, currentScaling=CURRENT | {"effectiveMaxReplicaMemoryGb": 64})
    idling = glance(odd, currentScaling=CURRENT | {"effectiveIdleTimeoutMinutes": 60})
    assert "A change is taking effect." in idling
    assert DRAIN not in idling


OTHER_SIZE = CURRENT | {"effectiveMaxReplicaMemoryGb": 64}


@pytest.mark.parametrize("state", ["stopped", "idle", "stopping"])
def test_nothing_takes_effect_in_a_group_that_does_not_run(odd: OddPortal, state: str) -> None:
    said = glance(odd, state=state, currentScaling=OTHER_SIZE)
    assert "What is configured counts from when the group next runs." in said
    assert "taking effect" not in said
    assert DRAIN not in said
    assert DRAIN in glance(odd, state="awaking", currentScaling=OTHER_SIZE)


def test_in_a_group_that_is_gone_nothing_takes_effect_at_any_time(odd: OddPortal) -> None:
    said = glance(odd, state="terminated", currentScaling=OTHER_SIZE)
    assert "effect." not in said
    assert "next runs" not in said


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("stopped", "counts from when the group next runs"),
        ("idle", "counts from when the group next runs"),
        ("running", "taking effect"),
    ],
)
def test_an_accepted_size_counts_from_when_the_group_next_runs(
    odd: OddPortal, state: str, expected: str
) -> None:
    store, sent_at = odd.portal.ledger.changes, datetime.now(UTC)
    reference = store.create_draft(make_change(created_at=sent_at), EVENT).reference
    store.claim(reference, sent_at, EVENT, drawn_after=sent_at - timedelta(minutes=1))
    store.record_outcome(reference, Outcome(ChangeState.APPLIED, SettledBy.ANSWER), sent_at, EVENT)
    said = glance(odd, state=state, numReplicas=5)
    assert f"Accepted, {expected}; requested" in said
    page = odd.alice.get(f"/changes/{reference}").text
    assert ("counts from when it next runs" in page) is (state != "running")


@pytest.mark.parametrize("state", ["failed", "terminating", "terminated", "softdeleted"])
def test_of_what_will_not_run_again_neither_costs_nor_idling_are_told(
    odd: OddPortal, state: str
) -> None:
    said = glance(odd, state=state)
    assert "per hour" not in said
    assert "Idles after" not in said
    listed = BeautifulSoup(odd.alice.get("/groups").data, "html.parser")
    row = next(row for row in listed.select("tbody tr") if "Analytics primary" in words(row))
    assert words(row.select("td")[3]) == "\N{EN DASH}"
    assert "per hour" in glance(odd, state="running")


def test_nobody_asked_for_a_group_to_run_partly(odd: OddPortal) -> None:
    assert ASKED not in glance(odd, state="partially_running")
    assert ASKED in glance(odd, state="awaking")


@pytest.mark.parametrize(
    ("state", "label", "meaning"),
    [
        ("hibernating", "Not known (“hibernating”)", "names a state that this portal does not"),
        (None, "Not known", "does not say what state it is in"),
        ("running", "Running", "Accepting queries."),
    ],
)
def test_a_state_that_is_not_known_is_shown_with_its_word(
    odd: OddPortal, state: str | None, label: str, meaning: str
) -> None:
    said = glance(odd, state=state)
    assert said.startswith(f"State {label} ")
    assert meaning in said
    assert ("(“" in said) is ("(“" in label)


def test_of_a_group_that_is_not_there_no_state_is_told(odd: OddPortal) -> None:
    odd.show(services=[service_json(id=REPORTING_ID)])
    page = odd.alice.get(f"/groups/{PRIMARY_ID}").text
    assert "names a state" not in page
    assert "does not show this group to the portal at the moment" in page


@pytest.mark.parametrize(
    ("seconds", "words_"),
    [(0.4, "less than a second"), (8.0, "Seen in effect 8\N{NO-BREAK SPACE}seconds")],
)
def test_nothing_takes_effect_after_no_time_at_all(
    odd: OddPortal, seconds: float, words_: str
) -> None:
    odd.show(services=[service_json(numReplicas=5)])
    store, sent_at = odd.portal.ledger.changes, datetime.now(UTC)
    reference = store.create_draft(make_change(created_at=sent_at), EVENT).reference
    store.claim(reference, sent_at, EVENT, drawn_after=sent_at - timedelta(minutes=1))
    store.record_outcome(reference, Outcome(ChangeState.APPLIED, SettledBy.ANSWER), sent_at, EVENT)
    store.note_effect(reference, sent_at + timedelta(seconds=seconds))
    assert words_ in odd.alice.get(f"/changes/{reference}").text
