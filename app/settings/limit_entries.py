"""`limits` and `price` in `configs/org_config.yaml`."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.groups.cost import Price
from app.domain.groups.limits import MINUTES_PER_WEEK
from app.domain.groups.scaling import LEAST_IDLE_TIMEOUT_MINUTES, MEMORY_STEP_GB
from app.settings.entry_types import Amount, Count, Entry, MemorySize, MemoryStep, Stated, refusal

CURRENCY_LETTERS = 3


def _currency(code: str) -> str:
    if len(code) != CURRENCY_LETTERS or not (code.isascii() and code.isalpha() and code.isupper()):
        raise refusal("is not a currency", "Write its three letters, such as USD.")
    return code


Minutes = Annotated[int, Field(ge=LEAST_IDLE_TIMEOUT_MINUTES)]
Cooldown = Annotated[int, Field(ge=0, le=MINUTES_PER_WEEK)]


class PriceEntry(Entry):
    """`price`: what 8 GiB of compute cost for an hour, as looked up on that day."""

    per_8_gb_hour: Amount
    currency: Annotated[str, AfterValidator(_currency)]
    as_of: date

    def to_price(self) -> Price:
        """The price as the domain knows it."""
        return Price(self.per_8_gb_hour, self.currency, self.as_of)


class MemoryRange(Entry):
    """`memory_gb`: sizes from `least` to `most`, `step` apart, in GB per replica."""

    least: MemorySize
    most: MemorySize
    step: MemoryStep = MEMORY_STEP_GB

    def choices(self) -> list[int]:
        """Every size; empty if the ends are the wrong way round."""
        return list(range(self.least, self.most + 1, self.step))


class ReplicaRange(Entry):
    """`replicas`: the fewest and the most."""

    least: Stated[Count] = None
    most: Stated[Count] = None


class IdleTimeoutRange(Entry):
    """`idle_timeout_minutes`: the shortest and the longest."""

    least: Stated[Minutes] = None
    most: Stated[Minutes] = None


class LimitsEntry(Entry):
    """`limits` at one level; what is None is left to the levels around it."""

    memory_choices_gb: Stated[Annotated[list[MemorySize], Field(min_length=1)]] = None
    memory_gb: Stated[MemoryRange] = None
    replicas: Stated[ReplicaRange] = None
    max_total_gb: Stated[Count] = None
    idle_timeout_minutes: Stated[IdleTimeoutRange] = None
    may_disable_idling: Stated[bool] = None
    max_cost_per_hour: Stated[Amount] = None
    max_changes_per_hour: Stated[Count] = None
    cooldown_minutes: Stated[Cooldown] = None
    password_above_gb: Stated[Count] = None
    reason_required: Stated[bool] = None
