"""What is configured, what is asked, and what must travel to Cloud to get there.

Figures are those of Cloud's `replicaScaling` call: memory per replica in GB (which Cloud counts
as GiB), in steps of 4 from 8 to 356; an idle timeout of at least 5 minutes.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

MEMORY_STEP_GB = 4
LEAST_MEMORY_GB = 8
MOST_MEMORY_GB = 356
LEAST_IDLE_TIMEOUT_MINUTES = 5
MOST_DIGITS = 9
"""Of a figure in a fingerprint: more than any of Cloud's, and what every database can hold."""

MOST_FIGURE = 999_999
"""No figure of a configuration is larger; whatever says so is not believed."""


def is_figure(value: int) -> bool:
    """Whether so much memory, so many replicas or minutes can be meant."""
    return 0 < value <= MOST_FIGURE


class ScalingMode(StrEnum):
    """Vertical: fixed replicas, memory in a range. Horizontal: the other way round."""

    VERTICAL = "vertical"
    HORIZONTAL = "horizontal"


class ScalingConfig(BaseModel):
    """The scaling settings of a group. A fixed number is a range whose ends are equal."""

    model_config = ConfigDict(frozen=True)

    mode: ScalingMode
    min_memory_gb: int
    max_memory_gb: int
    min_replicas: int
    max_replicas: int
    idle_scaling: bool
    idle_timeout_minutes: int | None

    @property
    def is_possible(self) -> bool:
        """Whether something can run like this: no figure is 0 or absurd, no range upside down.

        Less than the rules of a request: old services, and those in a customer's own cloud
        account, may have sizes that nobody can ask for.
        """
        ends = (self.min_memory_gb, self.max_memory_gb, self.min_replicas, self.max_replicas)
        minutes = () if self.idle_timeout_minutes is None else (self.idle_timeout_minutes,)
        is_upright = ends[0] <= ends[1] and ends[2] <= ends[3]
        return is_upright and all(map(is_figure, (*ends, *minutes)))

    @property
    def min_total_gb(self) -> int:
        """The least memory of the whole group in GB: per replica x replicas."""
        return self.min_memory_gb * self.min_replicas

    @property
    def max_total_gb(self) -> int:
        """The most memory of the whole group in GB: per replica x replicas."""
        return self.max_memory_gb * self.max_replicas

    @property
    def size(self) -> tuple[int, int, int, int]:
        """Memory and replicas, without idling."""
        return self.min_memory_gb, self.max_memory_gb, self.min_replicas, self.max_replicas

    @property
    def is_fixed(self) -> bool:
        """Whether it neither grows nor shrinks by itself."""
        return (self.min_memory_gb, self.min_replicas) == (self.max_memory_gb, self.max_replicas)

    @property
    def without_unused_timeout(self) -> "ScalingConfig":
        """The same without an idle timeout where nothing idles: Cloud may drop it then."""
        return self if self.idle_scaling else self.model_copy(update={"idle_timeout_minutes": None})

    def shows(self, other: "ScalingConfig") -> bool:
        """Whether this, as what is in effect, is all that `other` says; Cloud may leave out when
        the group idles."""
        known = self
        if self.idle_timeout_minutes is None:
            minutes = other.idle_timeout_minutes
            known = self.model_copy(update={"idle_timeout_minutes": minutes})
        return known.without_unused_timeout == other.without_unused_timeout

    @property
    def fingerprint(self) -> str:
        """Equal for equal configurations: says which one a form or a draft was drawn from."""
        return ":".join(
            str(value)
            for value in (
                self.mode.value,
                self.min_memory_gb,
                self.max_memory_gb,
                self.min_replicas,
                self.max_replicas,
                int(self.idle_scaling),
                self.idle_timeout_minutes,
            )
        )

    @classmethod
    def from_fingerprint(cls, text: str) -> "ScalingConfig | None":
        """The configuration a fingerprint stands for; None if the text is not one."""
        parts = text.split(":")
        mode, *figures = parts
        if len(parts) != len(cls.model_fields) or not all(map(_is_figure, figures[:-1])):
            return None
        values: dict[str, Any] = dict(zip(cls.model_fields, (mode, *figures), strict=True))
        if figures[-1] == "None":
            values["idle_timeout_minutes"] = None
        elif not _is_figure(figures[-1]):
            return None
        try:
            config = cls.model_validate(values)
        except ValueError:
            return None
        return config if config.is_possible else None


def _is_figure(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def patch_between(was: ScalingConfig, target: ScalingConfig) -> dict[str, int | bool]:
    """The body of `PATCH replicaScaling`: the fields that change, and those that must go with them.

    A range of replicas travels as a pair, and in horizontal mode the two memory values are one
    figure; Cloud refuses either half alone. Everything else stays unsaid, so that nothing is
    written which nobody reviewed. Empty when there is nothing to change.
    """
    patch: dict[str, int | bool] = {}
    patch |= _memory_patch(was, target)
    patch |= _replica_patch(was, target)
    if target.idle_scaling != was.idle_scaling:
        patch["idleScaling"] = target.idle_scaling
    timeout = target.idle_timeout_minutes
    if timeout is not None and timeout != was.idle_timeout_minutes:
        patch["idleTimeoutMinutes"] = timeout
    return patch


def _memory_patch(was: ScalingConfig, target: ScalingConfig) -> dict[str, int | bool]:
    low_differs = target.min_memory_gb != was.min_memory_gb
    high_differs = target.max_memory_gb != was.max_memory_gb
    together = target.mode is ScalingMode.HORIZONTAL and (low_differs or high_differs)
    patch: dict[str, int | bool] = {}
    if low_differs or together:
        patch["minReplicaMemoryGb"] = target.min_memory_gb
    if high_differs or together:
        patch["maxReplicaMemoryGb"] = target.max_memory_gb
    return patch


def _replica_patch(was: ScalingConfig, target: ScalingConfig) -> dict[str, int | bool]:
    if (target.min_replicas, target.max_replicas) == (was.min_replicas, was.max_replicas):
        return {}
    if target.mode is ScalingMode.VERTICAL:
        return {"numReplicas": target.max_replicas}
    return {"minReplicas": target.min_replicas, "maxReplicas": target.max_replicas}


def shrinks(was: ScalingConfig, target: ScalingConfig) -> bool:
    """Whether some figure of the size gets smaller, whatever the others do."""
    return any(after < before for before, after in zip(was.size, target.size, strict=True))


PATCHED_FIELDS: dict[str, str] = {
    "minReplicaMemoryGb": "min_memory_gb",
    "maxReplicaMemoryGb": "max_memory_gb",
    "numReplicas": "max_replicas",
    "minReplicas": "min_replicas",
    "maxReplicas": "max_replicas",
    "idleScaling": "idle_scaling",
    "idleTimeoutMinutes": "idle_timeout_minutes",
}
"""Cloud's field name -> the field of ScalingConfig that it sets."""


def has_taken(config: ScalingConfig, patch: Mapping[str, int | bool | str]) -> bool:
    """Whether every value of the patch stands in the configuration."""
    return all(getattr(config, PATCHED_FIELDS[name]) == value for name, value in patch.items())


def whole_number(value: object) -> int | None:
    """16 out of `16` or `16.0`; None for anything else, true and false included."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
