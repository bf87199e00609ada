"""What Cloud's own activities add to what is known of a group's past.

Cloud names every turn of a state and every change of the configuration, without values. So where
its record is there, no activity means no change.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.domain.activities import Activity
from app.domain.changes import Change
from app.domain.states import ServiceState
from app.domain.timeline import Mark, Size, size_of

TURNS = {
    "service_start": ServiceState.RUNNING,
    "service_awaken": ServiceState.RUNNING,
    "service_running": ServiceState.RUNNING,
    "service_idle": ServiceState.IDLE,
    "service_stop": ServiceState.STOPPED,
}
"""What a group is from such an activity on; the minute that a start takes counts as running."""

TURNED_FROM = {
    ServiceState.STOPPING: ServiceState.RUNNING,
    ServiceState.STARTING: ServiceState.STOPPED,
    ServiceState.AWAKING: ServiceState.IDLE,
}
"""What a group was before a state that lasts for minutes only."""

BEGINS = {
    "service_start": ServiceState.STARTING,
    "service_awaken": ServiceState.AWAKING,
    "service_stop": ServiceState.STOPPING,
}
"""What a group still is for minutes after such an activity."""

CAME_FROM = {
    "service_start": ServiceState.STOPPED,
    "service_awaken": ServiceState.IDLE,
    "service_idle": ServiceState.RUNNING,
}
"""What a group was before such an activity, where there is but one possibility."""


def turn_marks(
    activities: Iterable[Activity], now: ServiceState, since: datetime
) -> list[Mark[ServiceState]]:
    """The turns of the state; without any it has been all along what it is now.

    What lasts for minutes only has not been there all along: then it is what came before it.
    """
    turns = sorted((item for item in activities if item.kind in TURNS), key=lambda item: item.at)
    if not turns:
        return [Mark(since, TURNED_FROM.get(now, now))]
    *earlier, last = turns
    still = now if BEGINS.get(last.kind) is now else TURNS[last.kind]
    before = CAME_FROM.get(turns[0].kind) if turns[0].at > since else None
    return [
        *([Mark(since, before)] if before else []),
        *(Mark(item.at, TURNS[item.kind], is_turn=True) for item in earlier),
        Mark(last.at, still, is_turn=True),
    ]


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
    return Mark(begin, value, is_turn=begin > since)
