"""The limits of a group in words, for those who look at what the file means."""

from app.domain.groups.cost import UNIT_GB
from app.domain.groups.limits import Limits

NONE_SET = "no limit set here"

Fact = tuple[str, str]
"""A label and what holds."""


def facts_of(limits: Limits) -> tuple[Fact, ...]:
    """Every limit, whether it is set or not."""
    sizes = ", ".join(str(size) for size in limits.memory_choices_gb)
    least, most = limits.min_idle_timeout_minutes, limits.max_idle_timeout_minutes
    return (
        ("Memory per replica", f"{sizes} GB"),
        ("Replicas", f"{limits.min_replicas} to {limits.max_replicas}"),
        ("Total memory", _at_most(limits.max_total_gb, "GB")),
        ("Falls asleep after", f"{least} to {most} minutes unused"),
        ("Idling may be switched off", "yes" if limits.may_disable_idling else "no"),
        ("Cost", _cost(limits)),
        ("Scaling", _at_most(limits.max_changes_per_hour, "times an hour")),
        ("Rest after a vertical change", _pause(limits.cooldown_minutes)),
        ("Password asked again", _reauthentication(limits.reauthenticate_above_gb)),
        ("Reason", "must be given" if limits.is_reason_required else "may be left out"),
    )


def _at_most(figure: int | None, unit: str) -> str:
    return NONE_SET if figure is None else f"at most {figure} {unit}"


def _cost(limits: Limits) -> str:
    price = limits.price
    if price is None:
        return "not known: no price is set"
    most = limits.max_cost_per_hour
    bound = NONE_SET if most is None else f"at most {most} {price.currency} an hour"
    unit = f"{UNIT_GB} GB cost {price.per_unit_hour} {price.currency} an hour"
    return f"{bound} ({unit}, as of {price.as_of})"


def _pause(minutes: int) -> str:
    return f"{minutes} minutes" if minutes else "none"


def _reauthentication(above_gb: int | None) -> str:
    always = "to stop the group and to switch idling off"
    return always if above_gb is None else f"{always}, and above {above_gb} GB in total"
