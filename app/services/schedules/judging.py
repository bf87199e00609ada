"""Whether the sizes of a schedule may be asked for in a group, judged when it is saved.

When it acts the same rules are judged again, with those of rate.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.reauthentication import is_beyond_soft_limit
from app.domain.changes.rules import check_reason
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.messages import problem
from app.domain.schedules.schedule import Schedule
from app.errors import BrokenRules, Problem
from app.services.changes.confirmation import check_token
from app.services.changes.preconditions import scalable_config
from app.services.changes.rules import ScalingRules


@dataclass(frozen=True)
class ScheduleRules:
    """The limits of the group, its cost bound, and the warehouse's bound on replicas."""

    rules: ScalingRules
    snapshot: Snapshot
    now: Callable[[], datetime]

    def check(self, identity: Identity, service_id: str, schedule: Schedule, reason: str) -> None:
        """Raises BrokenRules with every broken rule, by the way to its field; NotPossible where
        the group cannot be scaled, NotAllowed for a token that may not do what asks a person for
        the password, CloudError, StoreUnavailable."""
        current = scalable_config(self.snapshot.get_service(service_id))
        # They may go by tags, which were just read.
        limits = self.rules.get_definition(service_id).limits
        is_big = any(_is_big(asked, current, limits) for _, asked in _requests(schedule))
        if is_big or schedule.stops_outside:  # a stop asks for the password too
            check_token(identity)
        problems = check_reason(reason, limits)
        for way, request in _requests(schedule):
            change = self._change(identity, service_id, request, current)
            # The reason is one for all of them, judged above.
            asked = request.model_copy(update={"reason": reason or "planned"})
            found = self.rules.list_broken(change, asked)
            problems += [Problem(f"{way}.{item.field}", item.code, item.message) for item in found]
        problems += _check_idling(schedule)
        if problems:
            raise BrokenRules(tuple(problems))

    def _change(
        self, identity: Identity, service_id: str, request: ScalingRequest, current: ScalingConfig
    ) -> Change:
        return Change(
            reference="",
            action=Action.SCALE,
            service_id=service_id,
            warehouse=identity.warehouse,
            user=identity.user,
            state=ChangeState.DRAFT,
            patch={},
            created_at=self.now(),
            before=current,
            target=request.applied_to(current),
        )


def _requests(schedule: Schedule) -> Iterator[tuple[str, ScalingRequest]]:
    yield "base", schedule.base
    for place, window in enumerate(schedule.windows):
        yield f"windows.{place}.settings", window.settings


def _is_big(request: ScalingRequest, current: ScalingConfig, limits: Limits) -> bool:
    """Whether a size asks for the password, whatever is configured by the time it is due: one
    beyond the soft limit, or without idling."""
    is_beyond = is_beyond_soft_limit(request.applied_to(current), limits)
    return is_beyond or request.idle_scaling is False


def _check_idling(schedule: Schedule) -> Iterator[Problem]:
    """Where one size turns idling off, Cloud forgets the timeout: so all the others must say
    whether the group idles, and after how long."""
    sizes = list(_requests(schedule))
    if all(request.idle_scaling is not False for _, request in sizes):
        return
    for way, request in sizes:
        if request.idle_scaling is None:
            yield problem(f"{way}.idle_scaling", "idling_must_be_said")
        elif request.idle_scaling and request.idle_timeout_minutes is None:
            yield problem(f"{way}.idle_timeout_minutes", "idle_timeout_needed")
