"""How the rules about a size read."""

from app.domain.schedules.cloud_form import CloudObstacle
from app.domain.schedules.handover import CloudPlan
from app.domain.schedules.precedence import Rule, Ruling
from app.services.schedules.service import ScheduleDetails
from app.web.formatting.rules import rule_words

RULINGS = {
    Ruling.FREEZE: "Frozen",
    Ruling.STOPPED: "Stopped until somebody starts it",
    Ruling.BOOST: "Boost",
    Ruling.CLOUD: "ClickHouse Cloud's own schedule",
    Ruling.HANDED_OVER: "Schedule, carried out by ClickHouse Cloud",
    Ruling.PAUSED: "Schedule paused",
    Ruling.HELD: "Manual change held",
    Ruling.WAITING: "Waiting, since nothing may shrink",
    Ruling.SCHEDULE: "Schedule",
    Ruling.BASE: "Base size of the schedule",
    Ruling.STOPPED_BY_SCHEDULE: "Stopped by schedule",
    Ruling.MANUAL: "No schedule",
}
BOOST_IS_OVER = "Boost whose end has come, until it has gone back"
OBSTACLES = {
    CloudObstacle.STOPS: "it stops the group, and Cloud's sets sizes alone",
    CloudObstacle.CLOCK_CHANGES: "the clocks of its time zone change, and Cloud's are in UTC",
    CloudObstacle.PART_OF_HOUR: "Cloud knows whole hours of UTC only",
    CloudObstacle.TOO_MANY_ENTRIES: "Cloud takes 10 entries at most",
    CloudObstacle.NO_WINDOW: "it has no window, and Cloud's are windows alone",
    CloudObstacle.OWNERS_DATES: "Cloud knows no frozen dates and no hours without shrinking",
    CloudObstacle.EXCEPTIONS: "Cloud knows neither a pause nor a window that is left out",
}
CLOUD_PLANS = {
    CloudPlan.NONE: "ClickHouse Cloud has no schedule of its own for this group that can be read "
    "here.",
    CloudPlan.FOREIGN: "ClickHouse Cloud sets these sizes by itself. The entries are changed in "
    "the ClickHouse Cloud console; days and hours are those of UTC.",
    CloudPlan.UNSETTLED: "It is not known yet whether ClickHouse Cloud has done what it was asked. "
    "The portal finds out within some minutes, and does nothing until then.",
    CloudPlan.AS_WRITTEN: "ClickHouse Cloud carries out version {version}, as the portal has "
    "written it there.",
    CloudPlan.CHANGED: "Somebody has changed what the portal had written here. The portal leaves "
    "it and does nothing.",
    CloudPlan.GONE: "Somebody has removed what the portal had written here: nobody carries out "
    "this schedule now. Take it back, and the portal does.",
}
"""What Cloud's own schedule is to the portal."""

SAVED = "The schedule is saved."
ORDERED = {
    "skip": "The next window is left out.",
    "pause": "The schedule is paused.",
    "resume": "The schedule goes on.",
    "remove": "The schedule is removed.",
    "back": "The version is in force again.",
}
"""What was done at one press, told on the page after it; what Cloud does with it says the page."""

FAILURES = {
    "budget_spent": "the budget of this group is used up, so it cannot grow",
    "not_allowed": "whoever saved it may not do this any more",
    "outcome_unknown": "nothing tells whether it was carried out, so it is asked for again",
}
"""Why a planned change was refused, where that takes words."""


def show_failure(code: str) -> str:
    """Why a planned change failed, in words."""
    return FAILURES.get(code) or rule_words(code)


def show_rule(rule: Rule) -> str:
    """“Schedule “Office hours””, without its end."""
    if rule.ruling is Ruling.BOOST and rule.until is None:
        return BOOST_IS_OVER
    words = RULINGS[rule.ruling]
    if not rule.name:
        return words
    is_sentence = rule.ruling is Ruling.FREEZE and rule.until is None
    return f"{words}: {rule.name}" if is_sentence else f"{words} “{rule.name}”"


def show_cloud_plan(details: ScheduleDetails) -> str:
    """What Cloud's own schedule is to the portal, and what that means."""
    given = details.standing.handover
    words = CLOUD_PLANS[details.cloud_plan].format(version=given.version if given else "")
    if details.cloud_plan is CloudPlan.FOREIGN and details.standing.record:
        return f"{words} The schedule above does nothing as long as they are there."
    return words


def show_cloud_obstacle(obstacle: CloudObstacle | None, *, is_handed_over: bool) -> str:
    """Who runs the schedule, and why not Cloud."""
    if is_handed_over:
        return "This schedule was given to ClickHouse Cloud."
    if obstacle is None:
        return "ClickHouse Cloud could run this schedule by itself; the portal runs it."
    return f"The portal runs this schedule: {OBSTACLES[obstacle]}."
