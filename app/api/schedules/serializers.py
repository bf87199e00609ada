"""What is known of a schedule -> the answer of the JSON API."""

from app.api.schedules.models import (
    PlanBody,
    PlannedChangeAnswer,
    RuleAnswer,
    ScheduleAnswer,
    SizeBody,
    SkipAnswer,
    WeekCostAnswer,
)
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.schedules.coming import PlannedChange
from app.domain.schedules.parsing import dump_schedule
from app.domain.schedules.precedence import Rule
from app.domain.schedules.record import ScheduleRecord
from app.domain.schedules.schedule import Schedule
from app.services.schedules.service import ScheduleDetails


def show_schedule(details: ScheduleDetails) -> ScheduleAnswer:
    """The schedule with what decides now and what comes."""
    standing = details.standing
    record, schedule, failed = standing.record, standing.schedule, standing.last_failed
    version = record.version if record else None
    following = standing.precedence.following
    return ScheduleAnswer(
        service_id=details.group.service_id,
        version=version.number if version else None,
        schedule=_plan(schedule) if schedule else None,
        author=version.author.user if version else None,
        reason=version.reason if version else None,
        saved_at=version.saved_at if version else None,
        paused_until=record.exceptions.paused_until if record else None,
        skips=_skips(record) if record else [],
        decides=_rule(standing.precedence.current),
        then=_rule(following) if following else None,
        changes=[_change(item, schedule) for item in details.changes if schedule],
        week_cost=_costs(details),
        last_error=failed.error if failed else None,
        cloud_schedule=details.cloud_plan,
    )


def _plan(schedule: Schedule) -> PlanBody:
    return PlanBody.model_validate(dump_schedule(schedule))


def _size(request: ScalingRequest) -> SizeBody:
    return SizeBody(**request.model_dump(exclude={"reason"}))


def _rule(rule: Rule) -> RuleAnswer:
    return RuleAnswer(ruling=rule.ruling, until=rule.until, name=rule.name)


def _skips(record: ScheduleRecord) -> list[SkipAnswer]:
    found = sorted(record.exceptions.skips, key=lambda skip: (skip.day, skip.window))
    return [SkipAnswer(window=skip.window, day=skip.day) for skip in found]


def _change(change: PlannedChange, schedule: Schedule) -> PlannedChangeAnswer:
    return PlannedChangeAnswer(
        at=change.at,
        at_local=change.at.astimezone(schedule.zone_info),
        window=change.window.name if change.window else None,
        settings=_size(change.settings),
        frozen=change.frozen or None,
        stopped=change.is_stopped,
    )


def _costs(details: ScheduleDetails) -> WeekCostAnswer | None:
    price, costs = details.group.definition.limits.price, details.costs
    if price is None or costs is None:
        return None
    return WeekCostAnswer(
        currency=price.currency,
        least=costs.planned.least,
        most=costs.planned.most,
        least_base_only=costs.base_only.least,
        most_base_only=costs.base_only.most,
    )
