"""Sizes that the owners of a group have given a name, to fill the form with at one press."""

from dataclasses import dataclass

from app.domain.groups.scaling import ScalingConfig, ScalingMode

Range = tuple[int, int]
"""Least and most; equal ends are a fixed figure."""


@dataclass(frozen=True)
class Preset:
    """A named choice of values. What is None stays as it is configured.

    `memory_gb` is per replica. A preset only fills the form: what it asks for goes the way of
    everything that is typed, under the same rules.
    """

    name: str
    memory_gb: Range | None = None
    replicas: Range | None = None
    idle_scaling: bool | None = None
    idle_timeout_minutes: int | None = None

    def suits(self, mode: ScalingMode) -> bool:
        """Whether a group in this mode can be asked for it: there one of the ranges is fixed."""
        fixed = self.replicas if mode is ScalingMode.VERTICAL else self.memory_gb
        return fixed is None or fixed[0] == fixed[1]

    def applied_to(self, config: ScalingConfig) -> ScalingConfig:
        """The configuration with the preset's values in it."""
        values = {
            "idle_scaling": self.idle_scaling,
            "idle_timeout_minutes": self.idle_timeout_minutes,
        }
        if self.memory_gb:
            values["min_memory_gb"], values["max_memory_gb"] = self.memory_gb
        if self.replicas:
            values["min_replicas"], values["max_replicas"] = self.replicas
        stated = {name: value for name, value in values.items() if value is not None}
        return config.model_copy(update=stated)
