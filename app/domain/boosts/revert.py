"""Going back after a boost: a comparison of what was, what it asked for, and what is now.

What is as it asked goes back to what was; what somebody else has set since is left. Nothing is
ever made larger than it is now.
"""

from dataclasses import dataclass
from typing import Any

from app.domain.groups.scaling import ScalingConfig, ScalingMode

SIZES = ("min_memory_gb", "max_memory_gb", "min_replicas", "max_replicas")
FIELDS = (*SIZES, "idle_scaling", "idle_timeout_minutes")


@dataclass(frozen=True)
class Leftover:
    """A field that is neither as the boost had set it nor as it was, and its value now."""

    field: str
    value: Any


def boosted_fields(before: ScalingConfig, asked: ScalingConfig) -> tuple[str, ...]:
    """What the boost had set to something else than it was."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(asked, name))


def is_smaller(field: str, value: Any, other: Any) -> bool:  # noqa: ANN401 - of any field
    """Whether a value of this field costs less than another. A group that idles costs less than
    one that never does; no timeout at all says nothing."""
    if field == "idle_scaling":
        return bool(value) and not other
    return value is not None and other is not None and value < other


def reverted(before: ScalingConfig, asked: ScalingConfig, now: ScalingConfig) -> ScalingConfig:
    """What to set now that the boost is over; `now` itself where nothing is left to go back.

    Nothing is compared where the group scales another way by now. Where others have set one end of
    a range, the other end goes back as far as that lets it.
    """
    if now.mode is not asked.mode:
        return now
    back = {name: getattr(before, name) for name in _returning(before, asked, now)}
    if "idle_scaling" in back and now.idle_timeout_minutes is None:
        back["idle_timeout_minutes"] = before.idle_timeout_minutes  # Cloud has forgotten it
    return _upright(now.model_copy(update=back))


def leftovers(
    before: ScalingConfig, asked: ScalingConfig, now: ScalingConfig
) -> tuple[Leftover, ...]:
    """What others have set since, in the place of what the boost had set."""
    if now.mode is not asked.mode:
        return (Leftover("mode", now.mode.value),)
    found = {name: getattr(now, name) for name in boosted_fields(before, asked)}
    if not now.idle_scaling and not asked.idle_scaling:
        found.pop("idle_timeout_minutes", None)  # Cloud forgets it once nothing idles
    if now.mode is ScalingMode.VERTICAL:
        found.pop("min_replicas", None)  # one figure there
    else:
        found.pop("min_memory_gb", None)
    wanted = {name: {getattr(before, name), getattr(asked, name)} for name in found}
    return tuple(Leftover(name, it) for name, it in found.items() if it not in wanted[name])


def _returning(before: ScalingConfig, asked: ScalingConfig, now: ScalingConfig) -> tuple[str, ...]:
    return tuple(
        name
        for name in boosted_fields(before, asked)
        if getattr(now, name) == getattr(asked, name)
        and is_smaller(name, getattr(before, name), getattr(now, name))
    )


def _upright(config: ScalingConfig) -> ScalingConfig:
    """The upper end of a range is not below the lower one."""
    return config.model_copy(
        update={
            "max_memory_gb": max(config.max_memory_gb, config.min_memory_gb),
            "max_replicas": max(config.max_replicas, config.min_replicas),
        }
    )
