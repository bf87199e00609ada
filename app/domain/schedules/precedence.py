"""Which rule decides about a group's size now, and which one after it.

Freeze, then stopped by hand, boost, Cloud's own schedule (somebody else's, or this one that was
given to Cloud), pause, held by a manual change, schedule, base or stopped by the schedule. The
answer is a code with figures; pages make words of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.schedules.handover import CloudPlan
from app.domain.schedules.timeline import Due


class Ruling(StrEnum):
    """What decides about the size. In the order of precedence.

    CLOUD: Cloud has a schedule that the portal did not write. HANDED_OVER: Cloud carries out this
    schedule, as the portal has written it there. WAITING: the plan wants it smaller
    in hours in which nothing may shrink. BASE: the schedule's size outside its windows.
    STOPPED_BY_SCHEDULE: in its place where the plan wants the group stopped then; the base size is
    set all the same. MANUAL: there is no schedule, so that the size is what somebody set.
    """

    FREEZE = "freeze"
    STOPPED = "stopped"
    BOOST = "boost"
    CLOUD = "cloud"
    HANDED_OVER = "handed_over"
    PAUSED = "paused"
    HELD = "held"
    WAITING = "waiting"
    SCHEDULE = "schedule"
    BASE = "base"
    STOPPED_BY_SCHEDULE = "stopped_by_schedule"
    MANUAL = "manual"


PLANNED = frozenset({Ruling.SCHEDULE, Ruling.BASE, Ruling.STOPPED_BY_SCHEDULE})
"""The plan decides."""


@dataclass(frozen=True)
class Rule:
    """One rule that holds: until when (UTC; None: until somebody ends it), and a name.

    The name is the reason of a freeze, the window of a schedule, the hours without shrinking.
    """

    ruling: Ruling
    until: datetime | None = None
    name: str = ""


@dataclass(frozen=True)
class Precedence:
    """What decides now, and what decides once that has ended; None where nobody
    knows when."""

    current: Rule
    following: Rule | None = None

    @property
    def is_schedule_deciding(self) -> bool:
        """Whether the schedule may set the size now."""
        return self.current.ruling in PLANNED


@dataclass(frozen=True)
class Circumstances:
    """All that may come before the plan, and the plan itself. None: it does not hold.

    `freeze` is the administrator's, `frozen` answers which dates are frozen at an instant,
    `is_stopped`: by somebody, not by the schedule, `boost` has no end where its time is over and it
    has yet to go back, `held` is a manual change that stays until the window ends, `waiting` the
    hours without shrinking where the plan wants it smaller now; `plan` answers what it wants at an
    instant.
    """

    freeze: Rule | None = None
    frozen: Callable[[datetime], Rule | None] | None = None
    is_stopped: bool = False
    boost: Rule | None = None
    cloud_plan: CloudPlan = CloudPlan.NONE
    paused_until: datetime | None = None
    held: Rule | None = None
    waiting: Rule | None = None
    plan: Callable[[datetime], Due] | None = None


def decide(circumstances: Circumstances, now: datetime) -> Precedence:
    """The rule that decides now, and the one that decides at the instant at which it ends."""
    first = _rule_at(circumstances, now)
    if first.ruling is Ruling.PAUSED:  # at its end the plan acts anew, whatever was set before
        circumstances = replace(circumstances, held=None)
    return Precedence(first, _rule_at(circumstances, first.until) if first.until else None)


def _rule_at(given: Circumstances, at: datetime) -> Rule:
    orders = (
        given.freeze,
        given.frozen(at) if given.frozen else None,
        Rule(Ruling.STOPPED) if given.is_stopped else None,
        given.boost,
        _of_cloud(given.cloud_plan),
        Rule(Ruling.PAUSED, given.paused_until) if given.paused_until else None,
        given.held,
        given.waiting,
    )
    holding = (rule for rule in orders if rule and (rule.until is None or rule.until > at))
    return next(holding, None) or _planned(given.plan(at) if given.plan else None)


def _of_cloud(plan: CloudPlan) -> Rule | None:
    if plan is CloudPlan.NONE:
        return None
    is_other = plan in {CloudPlan.FOREIGN, CloudPlan.CHANGED}
    return Rule(Ruling.CLOUD if is_other else Ruling.HANDED_OVER)


def _planned(due: Due | None) -> Rule:
    if due is None:
        return Rule(Ruling.MANUAL)
    if due.is_stopped:
        return Rule(Ruling.STOPPED_BY_SCHEDULE, due.until)
    if due.window is None:
        return Rule(Ruling.BASE, due.until)
    return Rule(Ruling.SCHEDULE, due.until, due.window.name)
