"""Value types of `configs/org_config.yaml`.

Types are strict: YAML reads `123` and `yes` as a number and a truth value, and neither may be
converted to a user name silently.
"""

from decimal import Decimal, InvalidOperation
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    WithJsonSchema,
)

from app.domain.groups.scaling import LEAST_MEMORY_GB, MEMORY_STEP_GB, MOST_MEMORY_GB
from app.settings.environment.credentials import parse_password_hash
from app.settings.environment.parsers import UnusableValueError, is_placeholder, parse_uuid
from app.settings.org.faults import refusal

MAX_DIGITS = 15
"""A decimal number of this many digits survives YAML's binary floats unharmed (IEEE 754)."""

LONGEST_LINE = 200

T = TypeVar("T")


def check_memory_size(memory_gb: int) -> int:
    """The size in GB per replica. Raises a refusal if ClickHouse Cloud does not offer it."""
    if memory_gb % MEMORY_STEP_GB or not LEAST_MEMORY_GB <= memory_gb <= MOST_MEMORY_GB:
        bounds = f"from {LEAST_MEMORY_GB} to {MOST_MEMORY_GB}"
        raise refusal(
            f"is not a multiple of {MEMORY_STEP_GB} {bounds}",
            "ClickHouse Cloud offers no other sizes, in GB per replica.",
        )
    return memory_gb


def _check_memory_step(step_gb: int) -> int:
    if step_gb < MEMORY_STEP_GB or step_gb % MEMORY_STEP_GB:
        raise refusal(
            f"is not a multiple of {MEMORY_STEP_GB}",
            f"ClickHouse Cloud's sizes are {MEMORY_STEP_GB} GB apart.",
        )
    return step_gb


def _check_line(text: str) -> str:
    if is_placeholder(text):
        raise refusal("is still the template's placeholder", "Put your own value in its place.")
    if not text.isprintable():
        raise refusal("holds line breaks or control characters", "Write it on one line.")
    return text


def _check_lines(text: str) -> str:
    if not text.translate({ord("\n"): " ", ord("\t"): " "}).isprintable():
        raise refusal("holds control characters", "Take them out.")
    return text


def _parse_service_id(text: str) -> str:
    try:
        return parse_uuid(_check_line(text))
    except UnusableValueError as unusable:
        raise refusal(unusable.what, unusable.remedy) from None


def _parse_time_zone(name: str) -> str:
    try:
        return ZoneInfo(_check_line(name)).key
    except (KeyError, ValueError, OSError):  # unknown, not a plain name, a folder of zones
        raise refusal("is not a known time zone", "Write a name such as Europe/Berlin.") from None


def _parse_amount(value: object) -> Decimal:
    # By way of its text: a binary float is seldom exactly the number that was written.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        amount = Decimal(str(value)) if is_number else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0:
        raise refusal("is not a number above 0", "Write digits without quotes, such as 0.3903.")
    if max(len(amount.as_tuple().digits), abs(amount.adjusted())) > MAX_DIGITS:
        raise refusal("has too many digits", f"Write at most {MAX_DIGITS} digits.")
    return amount


def _check_password(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text:
        raise refusal("is empty", "Write some text, or remove the key.")
    if is_placeholder(text) and text[0] + text[-1] == "<>":
        raise refusal("is still the template's placeholder", "Put your own value in its place.")
    return secret


def _check_password_hash(secret: SecretStr) -> SecretStr:
    try:
        parse_password_hash(secret.get_secret_value())
    except UnusableValueError as unusable:
        raise refusal(unusable.what, "python -m app.cli.hash_password makes one.") from None
    return secret


def _refuse_outer_blanks(name: str) -> str:
    if name != name.strip():
        raise refusal("has blanks around it", "Take them out; nobody who signs in has them.")
    return name


def _refuse_star(name: str) -> str:
    if "*" in name:
        remedy = f'Write user_patterns: ["{name}"] for everybody whose name fits, or exact names.'
        raise refusal("holds *, and here stand exact names", remedy)
    return name


def _require_star(pattern: str) -> str:
    if "*" not in pattern:
        raise refusal("holds no *", "Write exact names under users.")
    return pattern


def _refuse_star_in_role(name: str) -> str:
    if "*" in name:
        raise refusal("holds *, and here stand exact names", "Name each role.")
    return name


def _refuse_null(value: object) -> object:
    if value is None:
        raise refusal("is left empty", "Write a value, or remove the key.")
    return value


_Trimmed = StringConstraints(strip_whitespace=True, min_length=1)
Line = Annotated[
    str, _Trimmed, StringConstraints(max_length=LONGEST_LINE), AfterValidator(_check_line)
]
Label = Annotated[str, _Trimmed, StringConstraints(max_length=40), AfterValidator(_check_line)]
Text = Annotated[str, _Trimmed, StringConstraints(max_length=2000), AfterValidator(_check_lines)]
"""Text of several lines."""
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=256),
    AfterValidator(_check_line),
    AfterValidator(_refuse_outer_blanks),
]
_WithoutStar = Field(json_schema_extra={"pattern": r"^[^*]*$"})
_WithStar = Field(json_schema_extra={"pattern": r"\*"})
UserName = Annotated[Name, AfterValidator(_refuse_star), _WithoutStar]
"""The exact name of a user."""
UserPattern = Annotated[Name, AfterValidator(_require_star), _WithStar]
"""A name in which each `*` stands for any characters, or none."""
RoleName = Annotated[Name, AfterValidator(_refuse_star_in_role), _WithoutStar]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
ServiceId = Annotated[
    str, StringConstraints(strip_whitespace=True), AfterValidator(_parse_service_id)
]
TimeZone = Annotated[str, AfterValidator(_parse_time_zone)]
Password = Annotated[SecretStr, AfterValidator(_check_password)]
PasswordHash = Annotated[SecretStr, AfterValidator(_check_password_hash)]
MemorySize = Annotated[
    int,
    AfterValidator(check_memory_size),
    Field(
        json_schema_extra={
            "minimum": LEAST_MEMORY_GB,
            "maximum": MOST_MEMORY_GB,
            "multipleOf": MEMORY_STEP_GB,
        }
    ),
]
MemoryStep = Annotated[int, AfterValidator(_check_memory_step)]
Count = Annotated[int, Field(ge=1)]
Amount = Annotated[
    Decimal,
    BeforeValidator(_parse_amount),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]
Stated = Annotated[T | None, BeforeValidator(_refuse_null)]
"""A key that may be left out, which reads as None; a key that is written must have a value."""
