"""How sizes and idling read."""

from flask import Flask

from app.domain.groups.scaling import ScalingConfig

NO_BREAK = "\N{NO-BREAK SPACE}"
TIMES = "\N{MULTIPLICATION SIGN}"


def register_sizes(app: Flask) -> None:
    """Make the filters known to the templates. Each takes a `ScalingConfig`."""
    app.jinja_env.filters.update(
        memory=show_memory,
        total=show_total,
        parts=show_parts,
        replicas=show_replicas,
        size_words=show_size,
        idling=show_idling,
        idle_timeout=show_idle_timeout,
    )


def show_memory(config: ScalingConfig) -> str:
    """Memory per replica: “16 to 32 GB”."""
    return f"{show_range(config.min_memory_gb, config.max_memory_gb)}{NO_BREAK}GB"


def show_total(config: ScalingConfig) -> str:
    """Memory of all replicas together: “48 to 96 GB”."""
    return f"{show_range(config.min_total_gb, config.max_total_gb)}{NO_BREAK}GB"


def show_parts(config: ScalingConfig) -> str:
    """Replicas and what each has, multiplied: 3 of “16 to 32 GB”."""
    count = show_range(config.min_replicas, config.max_replicas)
    return f"{count} {TIMES} {show_memory(config)}"


def show_replicas(config: ScalingConfig) -> str:
    """“3”, or “2 to 5, as needed” for a group whose replicas come and go."""
    return f"{show_range(config.min_replicas, config.max_replicas)}{_as_needed(config)}"


def show_size(config: ScalingConfig) -> str:
    """A configuration in a sentence: “4 to 10 replicas of 64 GB, as needed.”"""
    count = show_range(config.min_replicas, config.max_replicas)
    noun = "replica" if config.max_replicas == 1 else "replicas"
    return f"{count} {noun} of {show_memory(config)}{_as_needed(config)}."


def _as_needed(config: ScalingConfig) -> str:
    return ", as needed" if config.min_replicas < config.max_replicas else ""


def show_idling(config: ScalingConfig) -> str:
    """When the group idles, in words that can stand alone: “Idles after 15 minutes”."""
    if not config.idle_scaling:
        return "Never idles"
    if config.idle_timeout_minutes is None:
        return "Idles when unused"
    return f"Idles after {config.idle_timeout_minutes}{NO_BREAK}minutes"


def show_idle_timeout(config: ScalingConfig) -> str:
    """The same under the heading “Idle timeout”: “15 minutes”."""
    if not config.idle_scaling:
        return "Never idle"
    if config.idle_timeout_minutes is None:
        return "Not set"
    return f"{config.idle_timeout_minutes}{NO_BREAK}minutes"


def show_range(least: int, most: int, between: str = " to ") -> str:
    """Two figures as one where they are equal: “3”, “3 to 5”."""
    return str(least) if least == most else f"{least}{between}{most}"
