"""The bounds on values that the owners of a group set. Cloud's own bounds still apply."""

from dataclasses import dataclass

from app.domain.scaling import ScalingConfig

DEFAULT_MEMORY_CHOICES_GB = (8, 12, 16, 32, 64, 120, 236)


@dataclass(frozen=True)
class Limits:
    """What may be asked for in one group.

    Cloud names no longest idle timeout; the portal's is a week, so that a slip of the finger
    does not keep a group running for years. The replica bounds are those of Cloud's
    specification (1 to 20) unless the owners set others; Cloud has the last word.
    """

    memory_choices_gb: tuple[int, ...] = DEFAULT_MEMORY_CHOICES_GB
    min_replicas: int = 1
    max_replicas: int = 20
    max_idle_timeout_minutes: int = 7 * 24 * 60
    is_reason_required: bool = False

    def memory_choices(self, current: ScalingConfig) -> tuple[int, ...]:
        """The sizes offered, and what is configured now, so that it can be kept."""
        kept = {current.min_memory_gb, current.max_memory_gb}
        return tuple(sorted({*self.memory_choices_gb, *kept}))

    def admits_replicas(self, count: int) -> bool:
        """Whether a group may have this many replicas."""
        return self.min_replicas <= count <= self.max_replicas
