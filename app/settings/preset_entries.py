"""`presets` in `configs/org_config.yaml`: named sizes to fill the form with."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from app.domain.groups.presets import Preset, Range
from app.domain.groups.scaling import LEAST_IDLE_TIMEOUT_MINUTES
from app.settings.entry_types import Entry, Label, Stated, memory_size, refusal

NEVER = "never"
ENDS = {"least", "most"}


def _range(value: object) -> Range:
    ends: Any = {"least": value, "most": value} if isinstance(value, int) else value
    is_pair = isinstance(ends, dict) and ends.keys() == ENDS
    if not is_pair or any(type(item) is not int or item < 1 for item in ends.values()):
        raise refusal(
            "is neither a number nor a range", "Write 8, or {least: 8, most: 16}, without quotes."
        )
    if ends["least"] > ends["most"]:
        raise refusal("has its ends the wrong way round", "Write the smaller number as least.")
    return ends["least"], ends["most"]


def _memory_range(ends: Range) -> Range:
    least, most = ends
    return memory_size(least), memory_size(most)


def _idle_timeout(value: object) -> int:
    if value == NEVER:
        return 0
    if type(value) is not int or value < LEAST_IDLE_TIMEOUT_MINUTES:
        remedy = f"Write whole minutes from {LEAST_IDLE_TIMEOUT_MINUTES} on, or {NEVER}."
        raise refusal("is no idle timeout", remedy)
    return value


PlainRange = Annotated[Range, BeforeValidator(_range)]
MemoryRange = Annotated[PlainRange, AfterValidator(_memory_range)]
IdleTimeout = Annotated[int, BeforeValidator(_idle_timeout)]


class PresetEntry(Entry):
    """An item of `presets`. A timeout of 0 stands for `never`: the group does not fall asleep."""

    name: Label
    memory_gb: Stated[MemoryRange] = None
    replicas: Stated[PlainRange] = None
    idle_timeout_minutes: Stated[IdleTimeout] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.memory_gb, self.replicas, self.idle_timeout_minutes) == (None, None, None):
            raise refusal("has no values", "Give memory_gb, replicas or idle_timeout_minutes.")
        return self

    def to_preset(self) -> Preset:
        """The preset as the domain knows it."""
        minutes = self.idle_timeout_minutes
        return Preset(
            name=self.name,
            memory_gb=self.memory_gb,
            replicas=self.replicas,
            idle_scaling=None if minutes is None else minutes > 0,
            idle_timeout_minutes=minutes or None,
        )


Presets = Stated[list[PresetEntry]]
"""A list of them; None leaves it to the levels around, an empty list means none here."""
