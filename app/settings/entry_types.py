"""What the values in `configs/org_config.yaml` may be.

Types are strict: YAML reads `123` and `yes` as a number and a truth value, and a user of that
name must not become somebody else by a silent conversion.
"""

from decimal import Decimal, InvalidOperation
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from app.domain.groups.scaling import LEAST_MEMORY_GB, MEMORY_STEP_GB, MOST_MEMORY_GB
from app.settings.values import UnusableValueError, is_placeholder, parse_uuid

MOST_DIGITS = 15
"""A decimal number of this many digits survives YAML's binary floats unharmed (IEEE 754)."""

T = TypeVar("T")


class Entry(BaseModel):
    """Base of all: a key that is not described here is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def refusal(what: str, remedy: str) -> PydanticCustomError:
    """What is wrong with a value, and what to do, for the fault at its path."""
    return PydanticCustomError("unusable", "{what}", {"what": what, "remedy": remedy})


def _own_words(text: str) -> str:
    if is_placeholder(text):
        raise refusal("is still the template's placeholder", "Put your own value in its place.")
    if not text.isprintable():
        raise refusal("holds line breaks or control characters", "Write it on one line.")
    return text


def _own_lines(text: str) -> str:
    if not text.translate({ord("\n"): " ", ord("\t"): " "}).isprintable():
        raise refusal("holds control characters", "Take them out.")
    return text


def _service_id(text: str) -> str:
    try:
        return parse_uuid(_own_words(text))
    except UnusableValueError as unusable:
        raise refusal(unusable.what, unusable.remedy) from None


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(_own_words(name)).key
    except (KeyError, ValueError, OSError):  # unknown, not a plain name, a folder of zones
        raise refusal("is not a known time zone", "Write a name such as Europe/Berlin.") from None


def memory_size(memory_gb: int) -> int:
    """The same size if Cloud offers it; else the fault for its place."""
    if memory_gb % MEMORY_STEP_GB or not LEAST_MEMORY_GB <= memory_gb <= MOST_MEMORY_GB:
        bounds = f"from {LEAST_MEMORY_GB} to {MOST_MEMORY_GB}"
        raise refusal(
            f"is not a multiple of {MEMORY_STEP_GB} {bounds}",
            "ClickHouse Cloud actions no other sizes, in GB per replica.",
        )
    return memory_gb


def _memory_step(step_gb: int) -> int:
    if step_gb < MEMORY_STEP_GB or step_gb % MEMORY_STEP_GB:
        raise refusal(
            f"is not a multiple of {MEMORY_STEP_GB}",
            f"ClickHouse Cloud's sizes are {MEMORY_STEP_GB} GB apart.",
        )
    return step_gb


def _amount(value: object) -> Decimal:
    """Exactly what is written: by way of its text, since a binary float is seldom the same."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        amount = Decimal(str(value)) if is_number else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0:
        raise refusal("is not a number above 0", "Write digits without quotes, such as 0.3903.")
    if max(len(amount.as_tuple().digits), abs(amount.adjusted())) > MOST_DIGITS:
        raise refusal("has too many digits", f"Write at most {MOST_DIGITS} digits.")
    return amount


def _something(value: object) -> object:
    if value is None:
        raise refusal("is left empty", "Write a value, or remove the key.")
    return value


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_own_words),
]
Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(_own_words),
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_own_lines),
]
"""Several lines."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_own_words)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
ServiceId = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_service_id)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
MemorySize = Annotated[int, AfterValidator(memory_size)]
MemoryStep = Annotated[int, AfterValidator(_memory_step)]
Count = Annotated[int, Field(ge=1)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Stated = Annotated[T | None, BeforeValidator(_something)]
"""A key that may be left out: None says that it was. What is written must be a value."""
