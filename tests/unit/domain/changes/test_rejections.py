"""Cloud's own refusal stands beside the field it names, with its request id."""

import pytest

from app.domain.changes.change import ChangeState
from app.domain.changes.rejections import REQUEST_FIELDS, rejection_of
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.groups.scaling import PATCHED_FIELDS
from tests.unit.builders import make_change

SAID = "BAD_REQUEST: request body.numReplicas: Number of replicas must be greater than 3 <number:0>"


def test_a_refusal_names_our_field_its_words_and_the_request_id() -> None:
    refused = make_change(
        state=ChangeState.REJECTED, settled_note=SAID, cloud_request_id="request-1"
    )
    problem = rejection_of(refused)
    assert problem is not None
    assert (problem.field, problem.code) == ("num_replicas", "rejected_by_cloud")
    assert problem.message == (
        f"ClickHouse Cloud rejected this: {SAID} (its request id: request-1)"
    )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("request body.minReplicaMemoryGb: must be a multiple of 4", "min_memory_gb"),
        ("request body.idleTimeoutMinutes: too short", "idle_timeout_minutes"),
        ("request body.autoscalingMode: no such feature", ""),
        ("FORBIDDEN: not on this plan", ""),
        ("request somebody.numReplicas: no", ""),
        ("", ""),
    ],
)
def test_words_that_name_no_field_of_ours_stand_above_the_form(said: str, field: str) -> None:
    problem = rejection_of(make_change(state=ChangeState.REJECTED, settled_note=said))
    assert problem is not None
    assert problem.field == field
    assert "request id" not in problem.message


@pytest.mark.parametrize("state", sorted(set(ChangeState) - {ChangeState.REJECTED}))
def test_only_a_refused_change_has_a_refusal(state: ChangeState) -> None:
    assert rejection_of(make_change(state=state, settled_note=SAID)) is None


def test_every_field_that_is_sent_has_a_place_in_the_request() -> None:
    assert set(REQUEST_FIELDS) == set(PATCHED_FIELDS)
    assert set(REQUEST_FIELDS.values()) <= set(ScalingRequest.model_fields)
