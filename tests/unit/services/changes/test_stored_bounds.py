"""What is stored from before is left alone: no field travels that nobody changed."""

from typing import Any

import pytest

from app.cloud.parsing.services import parse_service
from app.domain.groups.scaling import ScalingConfig
from app.errors import BrokenRules, ConfigurationChanged
from tests.unit.builders import ALICE, PRIMARY_ID, changed, replicas
from tests.unit.cloud.helpers import service_json
from tests.unit.services.world import World

LEGACY = {"numReplicas": 3, "minReplicas": 2, "maxReplicas": 4}
UNEQUAL = {
    "autoscalingMode": "horizontal",
    "minReplicaMemoryGb": 16,
    "maxReplicaMemoryGb": 32,
    "numReplicas": None,
    "minReplicas": 2,
    "maxReplicas": 6,
}
FORGOTTEN = {"idleScaling": False, "idleTimeoutMinutes": None}
KEPT = {"min_memory_gb": 16, "max_memory_gb": 32}


@pytest.mark.parametrize(
    ("stored", "asked", "patch"),
    [
        (LEGACY, {"max_memory_gb": 64}, {"maxReplicaMemoryGb": 64}),
        (LEGACY, {"num_replicas": 4}, {"numReplicas": 4}),
        (LEGACY, {"num_replicas": 3, "max_memory_gb": 64}, {"maxReplicaMemoryGb": 64}),
        (UNEQUAL, {"min_replicas": 3, "max_replicas": 6}, {"minReplicas": 3, "maxReplicas": 6}),
        (
            UNEQUAL,
            {"min_memory_gb": 32},
            {"minReplicaMemoryGb": 32, "maxReplicaMemoryGb": 32},
        ),
        (UNEQUAL, {"idle_timeout_minutes": 30}, {"idleTimeoutMinutes": 30}),
        (
            FORGOTTEN,
            {"idle_scaling": True, "idle_timeout_minutes": 30},
            {"idleScaling": True, "idleTimeoutMinutes": 30},
        ),
        (FORGOTTEN, {"num_replicas": 4}, {"numReplicas": 4}),
    ],
)
def test_only_what_was_changed_travels(
    world: World, stored: dict[str, Any], asked: dict[str, Any], patch: dict[str, Any]
) -> None:
    world.cloud.services[PRIMARY_ID] = parse_service(service_json(**stored))
    draft = world.scaling.propose(ALICE, PRIMARY_ID, KEPT | asked)
    assert draft is not None
    world.apply(draft.reference)
    assert [sent for _, _, sent in world.cloud.sent] == [patch]


def test_idling_without_a_timeout_asks_for_one(world: World) -> None:
    world.cloud.services[PRIMARY_ID] = parse_service(service_json(**FORGOTTEN))
    with pytest.raises(BrokenRules) as caught:
        world.scaling.propose(ALICE, PRIMARY_ID, KEPT | {"idle_scaling": True})
    (problem,) = caught.value.problems
    assert (problem.field, problem.code) == ("idle_timeout_minutes", "idle_timeout_needed")
    assert problem.message == "Enter an idle timeout"


def test_a_mode_switched_elsewhere_makes_a_draft_stale(world: World) -> None:
    reference = world.draft(replicas(5))
    world.cloud.services[PRIMARY_ID] = parse_service(service_json(**UNEQUAL))
    with pytest.raises(ConfigurationChanged):
        world.apply(reference)
    assert world.cloud.sent == []


def test_a_mode_switched_elsewhere_makes_a_form_stale(world: World) -> None:
    drawn = world.config()
    world.cloud.services[PRIMARY_ID] = parse_service(service_json(**UNEQUAL))
    world.clock.advance(6)
    with pytest.raises(ConfigurationChanged):
        world.ask(drawn, replicas(5), ALICE, PRIMARY_ID)


def test_a_timeout_that_cloud_forgets_is_no_change_by_anybody_else(world: World) -> None:
    target: ScalingConfig = changed(world.config(), idle_scaling=False)
    waiting = world.draft(target)
    world.cloud.services[PRIMARY_ID] = parse_service(service_json(**FORGOTTEN))
    assert world.applier.preconditions.check(world.changes.get(waiting)) is False
