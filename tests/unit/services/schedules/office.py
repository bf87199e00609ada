"""Office hours outside which the schedule stops its group: moments, and rounds of the worker."""

from datetime import datetime, timedelta

from pydantic import SecretStr

from app.domain.changes.actions import Action
from app.domain.groups.states import ServiceState
from app.domain.schedules.precedence import Rule
from app.services.boosts.ends import BoostEnds
from app.services.changes.confirmation import Confirmation
from app.store.boosts import BoostStore
from tests.unit.builders import ALICE, PRIMARY, PRIMARY_ID
from tests.unit.domain.schedules.builders import a_plan, utc
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import ADDRESS, PASSWORD, World

# NOW is a Wednesday, 13:00 in Berlin; the window is 08:00 to 18:00 there, from Monday to Friday.
EVENING, START, MORNING = (
    utc("2026-03-04 17:00"),
    utc("2026-03-05 06:50"),
    utc("2026-03-05 07:00"),
)
MINUTE, ROUND = timedelta(minutes=1), timedelta(seconds=5)
STOPPING = {**a_plan(), "outside": "stop"}


def go_round(plans: Plans, moment: datetime, rounds: int = 6) -> list[str]:
    """What goes out in some rounds from a moment on; what is begun ends between them."""
    before = len(plans.world.cloud.sent)
    for number in range(rounds):
        plans.run_at(moment + number * 70 * timedelta(seconds=1))
        arrive(plans.world)
    return [str(action) for _, action, _ in plans.world.cloud.sent[before:]]


def arrive(world: World) -> None:
    """What is stopping has stopped, and what is starting runs."""
    ends = {
        ServiceState.STOPPING: ServiceState.STOPPED,
        ServiceState.STARTING: ServiceState.RUNNING,
    }
    state = world.cloud.services[PRIMARY_ID].state
    if state in ends:
        world.show(ends[state])


def state_of(world: World) -> ServiceState:
    """What Cloud shows."""
    return world.cloud.services[PRIMARY_ID].state


def ruling(plans: Plans) -> Rule:
    """What the page says that decides."""
    return plans.service.show(ALICE, PRIMARY_ID).standing.precedence.current


def real_boosts(plans: Plans) -> None:
    """The schedules know of the boosts in the ledger."""
    object.__setattr__(plans.standings, "boosts", BoostEnds(BoostStore(plans.world.engine)))


def order(world: World, action: Action) -> None:
    """Alice's command, as pages and programs give it."""
    confirmation = Confirmation(SecretStr(PASSWORD), PRIMARY, ADDRESS)
    world.apply(world.draft_command(action), confirmation=confirmation)
    arrive(world)
