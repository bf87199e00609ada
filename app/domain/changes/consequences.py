"""Two configurations side by side, and what going from one to the other means, in words."""

from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.changes.rate import resizes
from app.domain.groups.group import ComputeGroup, Service
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig

EFFECTS: dict[Action, tuple[str, ...]] = {
    Action.SCALE: (),
    Action.WAKE: ("It accepts queries again, usually in a minute or two, and costs compute.",),
    Action.START: ("It accepts queries again, usually in a few minutes, and costs compute.",),
    Action.STOP: (
        "Queries that are running on it end at once, and new ones are refused.",
        "It stays off, and costs no compute, until somebody starts it again.",
    ),
}


def consequences_of(change: Change, group: ComputeGroup) -> list[str]:
    """What will happen, a sentence each, for somebody about to confirm a change."""
    if change.before and change.target:
        said = consequences(change.before, change.target, group.service)
        return [*said, *_cooldown_sentences(change, group.definition.limits)]
    said = list(EFFECTS[change.action])
    if change.action is not Action.STOP:
        return said
    if group.service and group.service.is_primary:
        said.append(
            "It is the primary of its warehouse. The other groups of the warehouse go on, but "
            "what ClickHouse Cloud does for them while the primary is stopped is not documented."
        )
    else:
        said.append("The other groups of the warehouse are not affected.")
    return said


def _cooldown_sentences(change: Change, limits: Limits) -> list[str]:
    minutes = limits.cooldown_minutes
    if not minutes or not resizes(change):
        return []
    noun = "minute" if minutes == 1 else "minutes"
    return [f"No further size change for {minutes} {noun}: the group has a cooldown."]


def consequences(was: ScalingConfig, target: ScalingConfig, service: Service | None) -> list[str]:
    """What will happen, a sentence each, for somebody about to confirm.

    Cloud adds new replicas before it drains old ones, which may serve for up to an hour.
    """
    said = [*_size_sentences(was, target), *_idle_sentences(was, target)]
    if service and service.active_entry:
        said.append(
            f"The schedule entry “{service.active_entry}” is active: what you set here is saved "
            "now and takes effect when that entry ends."
        )
    elif service and not service.state.spec.is_up:
        what = "new size" if target.size != was.size else "change"
        said.append(f"The group is not running: the {what} counts from when it next runs.")
    return said


def _size_sentences(was: ScalingConfig, target: ScalingConfig) -> list[str]:
    said = []
    if target.min_replicas == target.max_replicas != was.max_replicas:
        said.append(f"Its replicas go from {was.max_replicas} to {target.max_replicas}.")
    if target.max_total_gb > was.max_total_gb:
        grows = "It scales up" if target.is_fixed else "It can scale up further"
        said.append(f"{grows} as soon as new replicas are up, usually within minutes.")
    if target.max_total_gb < was.max_total_gb:
        said.append(_shrink_sentence(was, target))
    if target.min_total_gb > was.min_total_gb:
        said.append("Its smallest size grows, so it costs more even at low load.")
    if target.min_total_gb < was.min_total_gb and not target.is_fixed:
        said.append("It can scale down further at low load.")
    return said


def _shrink_sentence(was: ScalingConfig, target: ScalingConfig) -> str:
    who = "the replicas that go"
    if target.max_memory_gb < was.max_memory_gb:
        who = "new, smaller replicas start first, and old ones"
    return f"It shrinks: {who} may go on serving their queries for up to an hour."


def _idle_sentences(was: ScalingConfig, target: ScalingConfig) -> list[str]:
    if was.idle_scaling and not target.idle_scaling:
        return ["It never idles, so it costs compute all the time."]
    if target.idle_scaling and not was.idle_scaling:
        return ["It idles when unused; the next connection then waits about a minute."]
    if target.idle_scaling and target.idle_timeout_minutes != was.idle_timeout_minutes:
        return [f"It idles after {target.idle_timeout_minutes} minutes."]
    return []
