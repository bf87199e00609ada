"""`limits`, `price` and `presets` of `configs/org_config.yaml`, and their inheritance.

Limits and presets may stand at the portal, a warehouse and a group. Each limit is taken from the
nearest level that gives it; of presets the nearest list replaces all others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from app.domain.groups.cost import Price
from app.domain.groups.limits import MINUTES_PER_WEEK, Limits
from app.domain.groups.presets import Preset
from app.domain.groups.scaling import LEAST_IDLE_TIMEOUT_MINUTES
from app.settings.org.faults import Entry, refusal
from app.settings.org.ranges import END_KEYS, MemoryRange, NumberRange, PresetMemory, PresetRange
from app.settings.org.values import Amount, Count, Label, MemorySize, Stated

NEVER = "never"
CURRENCY_LETTERS = 3
MOST_BOOST_HOURS = 31 * 24
Minutes = Annotated[int, Field(ge=LEAST_IDLE_TIMEOUT_MINUTES)]
BoostHours = Annotated[int, Field(ge=1, le=MOST_BOOST_HOURS)]
CooldownMinutes = Annotated[int, Field(ge=0, le=MINUTES_PER_WEEK)]


class BoostEntry(Entry):
    """`boost` of limits: the bounds of a size that ends by itself."""

    max_hours: Stated[BoostHours] = None
    max_total_gb: Stated[Count] = None
    max_cost_per_hour: Stated[Amount] = None

    def given(self) -> dict[str, Any]:
        """The bounds that are given, by key."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in values.items() if value is not None}


class BudgetEntry(Entry):
    """`budget` of limits: what a group may cost in a UTC month or day before it stops growing, in
    credits of ClickHouse Cloud (US dollars)."""

    per_month: Stated[Amount] = None
    per_day: Stated[Amount] = None

    def given(self) -> dict[str, Any]:
        """The budgets that are given, by key."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Bound:
    """One limit: the path where it stands, its value, and how many levels away that is."""

    path: str
    value: Any
    distance: int

    def __str__(self) -> str:
        return f"{self.path}, which is {self.value}"


class LimitsEntry(Entry):
    """`limits` of one level. Attributes are named like those of the domain's Limits."""

    memory_choices_gb: Stated[Annotated[list[MemorySize], Field(min_length=1)]] = None
    memory_gb: Stated[MemoryRange] = None
    replicas: Stated[NumberRange[Count]] = None
    max_total_gb: Stated[Count] = None
    idle_timeout_minutes: Stated[NumberRange[Minutes]] = None
    may_disable_idling: Stated[bool] = None
    max_cost_per_hour: Stated[Amount] = None
    max_changes_per_hour: Stated[Count] = None
    cooldown_minutes: Stated[CooldownMinutes] = None
    reauthenticate_above_gb: Stated[Count] = Field(
        default=None, validation_alias="password_above_gb"
    )
    is_reason_required: Stated[bool] = Field(default=None, validation_alias="reason_required")
    boost: Stated[BoostEntry] = None
    budget: Stated[BudgetEntry] = None

    def bounds(self, path: str, distance: int = 0) -> dict[str, Bound]:
        """The limits that are given here, by the attribute of Limits that they set."""
        return {name: Bound(f"{path}.{key}", value, distance) for name, key, value in self._given()}

    def _given(self) -> Iterator[tuple[str, str, Any]]:
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if isinstance(value, BoostEntry | BudgetEntry | MemoryRange | NumberRange):
                yield from _parts(name, value)
            elif isinstance(value, list):
                yield name, name, tuple(sorted(set(value)))
            elif value is not None:
                yield name, str(field.validation_alias or name), value


def _parts(
    name: str, entry: BoostEntry | BudgetEntry | MemoryRange | NumberRange[Any]
) -> Iterator[tuple[str, str, Any]]:
    """The limits in an entry of its own, as `bounds` needs them."""
    if isinstance(entry, MemoryRange):
        yield "memory_choices_gb", name, entry.choices()
    elif isinstance(entry, NumberRange):
        for end, (written, number) in entry.ends().items():
            yield f"{end}_{name}", f"{name}.{written}", number
    else:
        for key, bound in entry.given().items():
            yield f"{name}_{key}", f"{name}.{key}", bound


def _check_currency(code: str) -> str:
    if len(code) != CURRENCY_LETTERS or not (code.isascii() and code.isalpha() and code.isupper()):
        raise refusal("is not a currency", "Write its three letters, such as USD.")
    return code


class PriceEntry(Entry):
    """`price`: what 8 GB of compute cost for an hour, as looked up on the day `as_of`."""

    per_8_gb_hour: Amount
    currency: Annotated[str, AfterValidator(_check_currency)]
    as_of: date

    def to_price(self) -> Price:
        """The price as the domain's object."""
        return Price(self.per_8_gb_hour, self.currency, self.as_of)


def _parse_idle_timeout(value: object) -> int:
    if value == NEVER:
        return 0
    if type(value) is not int or value < LEAST_IDLE_TIMEOUT_MINUTES:
        remedy = f"Write whole minutes from {LEAST_IDLE_TIMEOUT_MINUTES} on, or {NEVER}."
        raise refusal("is no idle timeout", remedy)
    return value


_MINUTES = {"type": "integer", "minimum": LEAST_IDLE_TIMEOUT_MINUTES}
PresetTimeout = Annotated[
    int,
    BeforeValidator(_parse_idle_timeout),
    WithJsonSchema({"anyOf": [_MINUTES, {"const": NEVER}]}),
]


class PresetEntry(Entry):
    """An item of `presets`. The timeout `never` reads as 0: idling is switched off."""

    name: Label
    memory_gb: Stated[PresetMemory] = None
    replicas: Stated[PresetRange] = None
    idle_timeout_minutes: Stated[PresetTimeout] = None

    @model_validator(mode="after")
    def _require_a_value(self) -> Self:
        if (self.memory_gb, self.replicas, self.idle_timeout_minutes) == (None, None, None):
            raise refusal("has no values", "Give memory_gb, replicas or idle_timeout_minutes.")
        return self

    def to_preset(self) -> Preset:
        """The preset as the domain's object."""
        minutes = self.idle_timeout_minutes
        return Preset(
            name=self.name,
            memory_gb=self.memory_gb,
            replicas=self.replicas,
            idle_scaling=None if minutes is None else minutes > 0,
            idle_timeout_minutes=minutes or None,
        )


Presets = Stated[list[PresetEntry]]
"""None inherits the presets of the level above; an empty list means that there are none."""


@dataclass(frozen=True)
class Level:
    """The limits and presets of the portal, a warehouse or a group, and the path of it."""

    path: str
    limits: LimitsEntry
    presets: Sequence[PresetEntry] | None

    def bounds(self, distance: int = 0) -> dict[str, Bound]:
        """The limits that are given at this level, by the attribute of Limits that they set."""
        return self.limits.bounds(f"{self.path}.limits", distance)


@dataclass(frozen=True)
class InheritedLevels:
    """What applies to one group: its levels, nearest first, and what results from them.

    `bounds` has the limits that are given or have a default, by attribute of Limits.
    """

    levels: tuple[Level, ...]
    bounds: dict[str, Bound]
    price: Price | None
    presets_path: str
    presets: Sequence[PresetEntry]

    @property
    def path(self) -> str:
        """The path of the nearest level."""
        return self.levels[0].path

    def to_limits(self) -> Limits:
        """The limits as the domain's object."""
        values = {name: bound.value for name, bound in self.bounds.items()}
        return Limits(price=self.price, **values)

    def to_presets(self) -> tuple[Preset, ...]:
        """The presets as the domain's objects."""
        return tuple(entry.to_preset() for entry in self.presets)


def inherit(levels: Sequence[Level], price: Price | None) -> InheritedLevels:
    """What applies to a group under these levels, nearest first."""
    bounds = _default_bounds(len(levels))
    for distance, level in reversed(list(enumerate(levels))):
        bounds |= level.bounds(distance)
    nearest = next((level for level in levels if level.presets is not None), levels[-1])
    return InheritedLevels(
        tuple(levels), bounds, price, f"{nearest.path}.presets", nearest.presets or ()
    )


def _default_bounds(distance: int) -> dict[str, Bound]:
    bounds = {}
    for field in fields(Limits):
        end, _, name = field.name.partition("_")
        key = f"{name}.{end}" if end in END_KEYS else field.name
        if field.default is not None:
            bounds[field.name] = Bound(f"the default of {key}", field.default, distance)
    return bounds
