"""Ranges of `configs/org_config.yaml`: from `min` to `max`, or by their earlier names."""

from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from app.domain.groups.presets import Range
from app.domain.groups.scaling import MEMORY_STEP_GB
from app.settings.org.faults import Entry, refusal
from app.settings.org.values import MemorySize, MemoryStep, Stated, check_memory_size

END_KEYS = {"min": "least", "max": "most"}
"""Keys of a range's ends, each with its earlier name, which is read too."""

N = TypeVar("N", bound=int)


def written_keys(content: object) -> dict[str, str]:
    """Of a range as YAML gives it: the key that each end is written under, by its present name.

    Raises a refusal that names both keys of an end that is written under both.
    """
    keys = content.keys() if isinstance(content, dict) else ()
    repeated = {end: old for end, old in END_KEYS.items() if end in keys and old in keys}
    if repeated:
        both = " and ".join(f"{end} beside {old}" for end, old in repeated.items())
        raise refusal(f"has {both}", f"Keep {' and '.join(repeated)}.")
    written = {end: end if end in keys else old for end, old in END_KEYS.items()}
    return {end: key for end, key in written.items() if key in keys}


class RangeEntry(Entry):
    """Base of the ranges. It keeps which keys the ends are written under, for faults."""

    _written: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_written_keys(cls, content: object, validate: ModelWrapValidatorHandler[Self]) -> Self:
        written = written_keys(content)
        entry = validate(content)
        entry._written.update(written)  # noqa: SLF001 - of the object just made
        return entry

    def ends(self) -> dict[str, tuple[str, int]]:
        """The ends that are given: `min` or `max` -> the key as it is written, and the value."""
        return {end: (key, getattr(self, end)) for end, key in self._written.items()}


class MemoryRange(RangeEntry):
    """`memory_gb` of limits: sizes from `min` to `max`, `step` apart, in GB per replica."""

    min: MemorySize = Field(validation_alias=AliasChoices("min", "least"))
    max: MemorySize = Field(validation_alias=AliasChoices("max", "most"))
    step: MemoryStep = MEMORY_STEP_GB

    def choices(self) -> tuple[int, ...]:
        """Every size of the range; empty if `min` is above `max`."""
        return tuple(range(self.min, self.max + 1, self.step))


class NumberRange(RangeEntry, Generic[N]):
    """`replicas` or `idle_timeout_minutes` of limits; either end may be left out."""

    min: Stated[N] = Field(default=None, validation_alias=AliasChoices("min", "least"))
    max: Stated[N] = Field(default=None, validation_alias=AliasChoices("max", "most"))


def _parse_range(value: object) -> Range:
    ends: Any = {"min": value, "max": value} if isinstance(value, int) else value
    keys = written_keys(ends)
    is_pair = len(keys) == len(END_KEYS) == len(ends)
    if not is_pair or any(type(number) is not int or number < 1 for number in ends.values()):
        raise refusal(
            "is neither a number nor a range", "Write 8, or {min: 8, max: 16}, without quotes."
        )
    if ends[keys["min"]] > ends[keys["max"]]:
        remedy = f"Write the smaller number as {keys['min']}."
        raise refusal("has its ends the wrong way round", remedy)
    return ends[keys["min"]], ends[keys["max"]]


def _check_memory_range(ends: Range) -> Range:
    low, high = ends
    return check_memory_size(low), check_memory_size(high)


_NUMBER = {"type": "integer", "minimum": 1}
_ENDS = {
    "type": "object",
    "properties": {"min": _NUMBER, "max": _NUMBER},
    "required": ["min", "max"],
    "additionalProperties": False,
}
PresetRange = Annotated[
    Range, BeforeValidator(_parse_range), WithJsonSchema({"anyOf": [_NUMBER, _ENDS]})
]
PresetMemory = Annotated[PresetRange, AfterValidator(_check_memory_range)]
