"""What the tests of boosts do to one: order it, let time pass, and look how it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.domain.boosts.boost import Boost, BoostState
from app.domain.boosts.request import BoostRequest
from app.domain.groups.scaling import ScalingConfig
from app.errors import CloudAnswerLost, CloudError, CloudNotAsked, CloudRejected
from tests.unit.builders import ALICE, PRIMARY_ID, VERTICAL, changed
from tests.unit.services.world import World

S = BoostState
LARGE = changed(VERTICAL, min_memory_gb=64, max_memory_gb=64)


def draft(world: World, target: ScalingConfig = LARGE, minutes: int = 60) -> str:
    """A boost that Alice has not confirmed yet; its reference."""
    values = {
        "min_memory_gb": target.min_memory_gb,
        "max_memory_gb": target.max_memory_gb,
        "num_replicas": target.max_replicas,
        "minutes": minutes,
    }
    made = world.scaling.propose(ALICE, PRIMARY_ID, values, BoostRequest)
    assert made is not None
    return made.reference


def boost(world: World, target: ScalingConfig = LARGE, minutes: int = 60) -> Boost:
    """A boost that Alice has confirmed and Cloud has accepted."""
    reference = draft(world, target, minutes)
    world.apply(reference)
    return find(world, reference)


def find(world: World, reference: str) -> Boost:
    """The boost as it stands now."""
    found = world.boost_store.find(reference)
    assert found is not None
    return found


def state(world: World, boost: Boost) -> BoostState:
    """Where it stands now."""
    return find(world, boost.reference).state(world.clock())


@contextmanager
def failing(world: World, error: CloudError, *methods: str) -> Iterator[None]:
    """Cloud fails like this for a while."""
    world.cloud.errors = dict.fromkeys(methods or ("update",), error)
    yield
    world.cloud.errors = {}


REFUSED = CloudRejected(message="no", request_id=None, upstream_status=400)
LOST = CloudAnswerLost(message="lost", request_id=None, upstream_status=None)
AWAY = CloudNotAsked(message="away", retry_after_seconds=1)


def go_on(world: World, **by: float) -> None:
    """So long later the worker goes round."""
    world.clock.advance(timedelta(**by).total_seconds())
    world.reverts.advance_all()
