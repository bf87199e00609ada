"""How the rules about a size read."""

from app.domain.schedules.cloud_form import CloudObstacle
from app.domain.schedules.precedence import Rule, Ruling

RULINGS = {
    Ruling.FREEZE: "Frozen",
    Ruling.STOPPED: "Stopped manually",
    Ruling.BOOST: "Boost",
    Ruling.CLOUD: "ClickHouse Cloud's own schedule",
    Ruling.PAUSED: "Schedule paused",
    Ruling.HELD: "Manual change held",
    Ruling.WAITING: "Waiting, since nothing may shrink",
    Ruling.SCHEDULE: "Schedule",
    Ruling.BASE: "Base size of the schedule",
    Ruling.MANUAL: "No schedule",
}
OBSTACLES = {
    CloudObstacle.CLOCK_CHANGES: "the clocks of its time zone change, and Cloud's are in UTC",
    CloudObstacle.PART_OF_HOUR: "Cloud knows whole hours of UTC only",
    CloudObstacle.TOO_MANY_ENTRIES: "Cloud takes 10 entries at most",
}

FAILURES = {"budget_spent": "the budget of this group is used up, so it cannot grow"}
"""Why a planned change was refused, where that takes words."""


def show_failure(code: str) -> str:
    """Why a planned change failed: in words, or its code."""
    return FAILURES.get(code, code)


def show_rule(rule: Rule) -> str:
    """“Schedule “Office hours””, without its end."""
    words = RULINGS[rule.ruling]
    if not rule.name:
        return words
    is_sentence = rule.ruling is Ruling.FREEZE and rule.until is None
    return f"{words}: {rule.name}" if is_sentence else f"{words} “{rule.name}”"


def show_cloud_obstacle(obstacle: CloudObstacle | None) -> str:
    """Why the portal runs the schedule and not Cloud."""
    if obstacle is None:
        return "ClickHouse Cloud could run this schedule by itself; the portal runs it."
    return f"The portal runs this schedule: {OBSTACLES[obstacle]}."
