"""Advice in words, with the figures that it rests on."""

from app.domain.load.advice import Advice, AdviceKind, Silence
from app.domain.load.figures import FAILURE_HOURS, LONG_HOURS

RULE = "ClickHouse Cloud's sizing rule"

SILENCES = {
    Silence.NO_SIZE: "ClickHouse Cloud does not say how large this group is.",
    Silence.CHANGING: "What is in effect is not what is configured, so nothing is advised now.",
    Silence.TOO_LITTLE: "It has not worked for 24 hours at this size yet, so nothing is advised.",
    Silence.OLD: "The latest figures are some hours old, so nothing is advised.",
    Silence.MISSING: "Figures of memory or CPU are missing, so nothing is advised.",
    Silence.ABOVE_TOTAL: "More memory is said to be used than there is, so nothing is advised.",
    Silence.FAILED_WITH_ROOM: (
        "Queries failed for memory while a third of it was free: a limit of their own did "
        "it, which another size does not change."
    ),
    Silence.ANOTHER_SIZE: "It runs at another size than configured, so nothing is advised.",
}


def describe(advice: Advice) -> str:
    """What the rule says, in one or two sentences."""
    words = {
        AdviceKind.MORE_MEMORY: _more_memory,
        AdviceKind.MORE_REPLICAS: _more_replicas,
        AdviceKind.UNEVEN: _uneven,
        AdviceKind.LONGER_TIMEOUT: _longer_timeout,
        AdviceKind.LESS_MEMORY: _less_memory,
        AdviceKind.FEWER_REPLICAS: _fewer_replicas,
        AdviceKind.KEEP: _keep,
    }
    return words[advice.kind](advice)


def _more_memory(advice: Advice) -> str:
    failures = advice.figures.failures
    queries = "1 query" if failures == 1 else f"{failures} queries"
    failed = f"{queries} failed for memory in the last {FAILURE_HOURS} hours. " if failures else ""
    return (
        f"{failed}{_used(advice)} By {RULE} {advice.needed} GB per replica would fit. "
        f"{_beyond(advice)}More replicas would give a single query no more memory."
    )


def _more_replicas(advice: Advice) -> str:
    window = advice.figures.long
    return (
        f"Every replica was busy in the last {_long(advice)} (CPU {_percent(window.cpu_share)}) "
        f"with {window.queries or 0:.0f} queries at once on the fullest. By {RULE} "
        f"{advice.needed} replicas would share that; a single query gets no faster. "
        f"{_beyond(advice)}"
    ).strip()


def _uneven(advice: Advice) -> str:
    window = advice.figures.long
    return (
        f"One replica was busy (CPU {_percent(window.cpu_share)}) and another was not "
        f"({_percent(window.cpu_share_least)}): connections that stay open keep to one replica. "
        "Neither more memory nor more replicas would help; opening connections anew would."
    )


def _longer_timeout(advice: Advice) -> str:
    return (
        f"It was woken {advice.figures.wakes_per_day:.0f} times a day in the last week, and each "
        f"time somebody waited. With an idle timeout of {advice.needed} minutes it would be woken "
        "less often, and cost more hours."
    )


def _less_memory(advice: Advice) -> str:
    week = advice.figures.week
    return (
        f"In the last week the highest memory use was {_gb(week.highest_gb)} of "
        f"{_gb(week.highest_of_gb)} GB and CPU {_percent(week.cpu_share)}. "
        f"By {RULE} {advice.needed} GB per replica would fit."
    )


def _fewer_replicas(advice: Advice) -> str:
    week = advice.figures.week
    return (
        f"In the last week CPU was {_percent(week.cpu_share)} on the busiest of "
        f"{week.replicas} replicas. By {RULE} {advice.needed} would be enough at quiet times."
    )


def _keep(advice: Advice) -> str:
    return f"{_used(advice)} By {RULE} this size fits."


def _used(advice: Advice) -> str:
    long = advice.figures.long
    return (
        f"In the last {_long(advice)} the highest memory use was {_gb(long.highest_gb)} of "
        f"{_gb(long.highest_of_gb)} GB and CPU {_percent(long.cpu_share)}."
    )


def _beyond(advice: Advice) -> str:
    if advice.target:
        return ""
    return f"{advice.obstacle or 'That is beyond the limits of this group.'} "


def _gb(value: float | None) -> str:
    return f"{value or 0:.1f}".removesuffix(".0")


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f} %"


def _long(advice: Advice) -> str:
    return "week" if advice.figures.has_rested else f"{LONG_HOURS} hours"
