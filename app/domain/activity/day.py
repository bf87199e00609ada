"""What Cloud's own activities add to what is known of a group's past.

Cloud names every transition of a state and every change of the configuration, without values. So
where its record is there, no activity means no change.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.domain.activity.activities import Activity
from app.domain.activity.timeline import Mark, Size, size_of
from app.domain.changes.change import Change
from app.domain.groups.states import ServiceState

STATE_AFTER = {
    "service_start": ServiceState.RUNNING,
    "service_awaken": ServiceState.RUNNING,
    "service_running": ServiceState.RUNNING,
    "service_idle": ServiceState.IDLE,
    "service_stop": ServiceState.STOPPED,
}
"""What a group is from such an activity on; the minute that a start takes counts as running."""

BEGINS = {
    "service_start": ServiceState.STARTING,
    "service_awaken": ServiceState.AWAKING,
    "service_stop": ServiceState.STOPPING,
}
"""What a group still is for minutes after such an activity."""

PASSING = frozenset(BEGINS.values())
"""States that last for minutes only."""

CAME_FROM = {
    ServiceState.STARTING: ServiceState.STOPPED,
    ServiceState.AWAKING: ServiceState.IDLE,
    ServiceState.IDLE: ServiceState.RUNNING,
}
"""What a group was before, where there is but one possibility: also an idle one can be stopped."""


def transition_marks(
    activities: Iterable[Activity], now: ServiceState, since: datetime
) -> list[Mark[ServiceState]]:
    """The transitions of the state; without any it has been all along what it is now.

    What lasts for minutes only has not been there all along: then it is what came before it.
    """
    transitions = sorted(
        (item for item in activities if item.kind in STATE_AFTER), key=lambda item: item.at
    )
    marks = [Mark(item.at, STATE_AFTER[item.kind], is_transition=True) for item in transitions]
    if transitions and BEGINS.get(transitions[-1].kind) is now:
        marks[-1] = Mark(transitions[-1].at, now, is_transition=True)
    before = (
        _before(transitions[0]) if transitions else CAME_FROM.get(now) if now in PASSING else now
    )
    is_later = not transitions or transitions[0].at > since
    return [Mark(since, before), *marks] if before and is_later else marks


def _before(transition: Activity) -> ServiceState | None:
    return CAME_FROM.get(BEGINS.get(transition.kind, STATE_AFTER[transition.kind]))


def held_size(
    activities: Iterable[Activity], changes: Sequence[Change], now: Size, since: datetime
) -> Mark[Size]:
    """The size from the last change that was made without the portal, or from `since` on.

    It held until the portal's next own change, or until now.
    """
    foreign = [item.at for item in activities if item.is_scaling and not item.is_by_portal]
    begin = max([since, *foreign])
    later = [item for item in changes if item.before and item.sent_at and item.sent_at > begin]
    first = min(later, key=lambda item: item.created_at, default=None)
    value = size_of(first.before) if first and first.before else now
    return Mark(begin, value, is_transition=begin > since)
