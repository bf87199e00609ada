"""The limits of a group in words, for those who look at what the file means."""

from app.domain.groups.cost import UNIT_GB
from app.domain.groups.limits import Limits
from app.domain.local_time import show_hours

NONE_SET = "no limit"

LimitRow = tuple[str, str]
"""A label and what holds."""


def limit_rows(limits: Limits) -> tuple[LimitRow, ...]:
    """Every limit, whether it is set or not."""
    sizes = ", ".join(str(size) for size in limits.memory_choices_gb)
    least, most = limits.min_idle_timeout_minutes, limits.max_idle_timeout_minutes
    return (
        ("Memory per replica", f"{sizes} GB"),
        ("Replicas", f"{limits.min_replicas} to {limits.max_replicas}"),
        ("Total memory", _at_most(limits.max_total_gb, "GB")),
        ("Idle timeout", f"{least} to {most} minutes"),
        ("Never idle", "allowed" if limits.may_disable_idling else "not allowed"),
        ("Cost", _cost(limits)),
        ("Boost", _boost(limits)),
        ("Scaling", _at_most(limits.max_changes_per_hour, "times per hour")),
        ("Budget", _budget(limits)),
        ("Cooldown after a memory change", _pause(limits.cooldown_minutes)),
        ("Password confirmation", _reauthentication(limits.reauthenticate_above_gb)),
        ("Reason", "required" if limits.is_reason_required else "optional"),
    )


def _at_most(figure: int | None, unit: str) -> str:
    return NONE_SET if figure is None else f"at most {figure} {unit}"


def _cost(limits: Limits) -> str:
    price = limits.price
    if price is None:
        return "not known: no price is set"
    most = limits.max_cost_per_hour
    bound = NONE_SET if most is None else f"at most {most} {price.currency} per hour"
    unit = f"{UNIT_GB} GB cost {price.per_unit_hour} {price.currency} per hour"
    return f"{bound} ({unit}, as of {price.as_of})"


def _boost(limits: Limits) -> str:
    bounds = [f"at most {show_hours(limits.boost_max_hours)}"]
    if limits.boost_max_total_gb is not None:
        bounds.append(f"{limits.boost_max_total_gb} GB")
    if limits.price and limits.boost_max_cost_per_hour is not None:
        bounds.append(f"{limits.boost_max_cost_per_hour} {limits.price.currency} per hour")
    return ", ".join(bounds)


def _budget(limits: Limits) -> str:
    each = ((limits.budget_per_month, "month"), (limits.budget_per_day, "day"))
    given = [f"{amount} US dollars per {period}" for amount, period in each if amount is not None]
    return ", ".join(given) or NONE_SET


def _pause(minutes: int) -> str:
    return f"{minutes} minutes" if minutes else "none"


def _reauthentication(above_gb: int | None) -> str:
    always = "to stop the group and to turn idling off"
    return always if above_gb is None else f"{always}, and above {above_gb} GB total"
