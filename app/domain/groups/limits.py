"""The bounds on values that the owners of a group set. Cloud's own bounds still apply."""

from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.groups.cost import CENT, UNIT_GB, Price
from app.domain.groups.scaling import LEAST_IDLE_TIMEOUT_MINUTES, ScalingConfig, ScalingMode

DEFAULT_MEMORY_CHOICES_GB = (8, 12, 16, 32, 64, 120, 236)
MINUTES_PER_WEEK = 7 * 24 * 60
HOURS_PER_WEEK = 7 * 24


@dataclass(frozen=True)
class Limits:
    """What may be asked for in one group. None means that the owners set no such bound.

    Cloud names no longest idle timeout; the portal's is a week, so that a slip of the finger
    does not keep a group running for years. The replica bounds are Cloud's own of
    September 2026 (1 to 50) unless the owners set others; Cloud has the last word. Costs are in
    the currency of `price`, per hour at the largest size. `reauthenticate_above_gb`: a change
    to a larger total than this asks for the password again. Those that begin with `boost_` hold
    for what ends by itself; where the owners set none, those of a lasting size hold for it too.
    Budgets are in credits of ClickHouse Cloud, which are US dollars.
    """

    memory_choices_gb: tuple[int, ...] = DEFAULT_MEMORY_CHOICES_GB
    min_replicas: int = 1
    max_replicas: int = 50
    max_total_gb: int | None = None
    min_idle_timeout_minutes: int = LEAST_IDLE_TIMEOUT_MINUTES
    max_idle_timeout_minutes: int = MINUTES_PER_WEEK
    may_disable_idling: bool = True
    price: Price | None = None
    max_cost_per_hour: Decimal | None = None
    max_changes_per_hour: int | None = None
    cooldown_minutes: int = 0
    reauthenticate_above_gb: int | None = None
    is_reason_required: bool = False
    boost_max_hours: int = HOURS_PER_WEEK
    boost_max_total_gb: int | None = None
    boost_max_cost_per_hour: Decimal | None = None
    budget_per_month: Decimal | None = None
    budget_per_day: Decimal | None = None

    def for_boost(self) -> "Limits":
        """The limits of a size that ends by itself."""
        cost = self.boost_max_cost_per_hour
        return replace(
            self,
            max_total_gb=self.boost_max_total_gb or self.max_total_gb,
            max_cost_per_hour=self.max_cost_per_hour if cost is None else cost,
        )

    def memory_choices(self, current_gb: int) -> tuple[int, ...]:
        """The sizes offered, and the one configured in this very field, so that it can be kept."""
        return tuple(sorted({*self.memory_choices_gb, current_gb}))

    def replica_range(self, current: int) -> tuple[int, int]:
        """The fewest and the most replicas, for a group that has `current` now."""
        return _reaching(self.min_replicas, self.max_replicas, current)

    def idle_timeout_range(self, current_minutes: int | None) -> tuple[int, int]:
        """The shortest and the longest idle timeout in minutes."""
        least, most = self.min_idle_timeout_minutes, self.max_idle_timeout_minutes
        return _reaching(least, most, current_minutes) if current_minutes else (least, most)

    def most_total_gb(self, current: ScalingConfig) -> int | None:
        """The largest total memory in GB: what is set, or what the group has beyond it."""
        if self.max_total_gb is None:
            return None
        return max(self.max_total_gb, current.max_total_gb)

    def largest_total_gb(self, current: ScalingConfig) -> int | None:
        """The largest total memory in GB by all limits on it, that of costs too."""
        found = [item for item in (self.max_total_gb, self._affordable_gb()) if item is not None]
        return max(min(found), current.max_total_gb) if found else None

    def _affordable_gb(self) -> int | None:
        price, most = self.price, self.max_cost_per_hour
        if price is None or most is None or not price.per_unit_hour:
            return None
        total_gb = int((most + CENT) * UNIT_GB / price.per_unit_hour)
        while price.per_hour(total_gb) > most:  # costs are compared to the cent
            total_gb -= 1
        return total_gb

    def is_too_costly(self, target: ScalingConfig, current: ScalingConfig) -> bool:
        """Whether the target costs more than allowed and more than what is configured."""
        if self.price is None or self.max_cost_per_hour is None:
            return False
        cost = self.price.per_hour(target.max_total_gb)
        return cost > self.max_cost_per_hour and target.max_total_gb > current.max_total_gb


def _reaching(least: int, most: int, current: int) -> tuple[int, int]:
    # What is outside already may be kept or moved inward, never further out.
    return min(least, current), max(most, current)


def next_size(config: ScalingConfig, limits: Limits) -> ScalingConfig | None:
    """The configuration with the next larger maximum: of memory where the number of replicas is
    fixed, of replicas where they come and go. None where the limits allow nothing larger."""
    if config.mode is ScalingMode.VERTICAL:
        larger = (size for size in limits.memory_choices_gb if size > config.max_memory_gb)
        memory_gb = min(larger, default=None)
        wanted = memory_gb and config.model_copy(update={"max_memory_gb": memory_gb})
    else:
        count = config.max_replicas + 1
        is_allowed = count <= limits.max_replicas
        wanted = config.model_copy(update={"max_replicas": count}) if is_allowed else None
    largest_gb = limits.largest_total_gb(config)
    if not wanted or (largest_gb is not None and wanted.max_total_gb > largest_gb):
        return None
    return wanted
