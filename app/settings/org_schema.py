"""The shape of `configs/org_config.yaml`, key by key, as pydantic models.

Types are strict: YAML reads `123` and `yes` as a number and a truth value, and a user of that
name must not become somebody else by a silent conversion.
"""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.domain.access import Permission
from app.domain.limits import DEFAULT_MEMORY_CHOICES_GB
from app.domain.scaling import LEAST_MEMORY_GB, MEMORY_STEP_GB, MOST_MEMORY_GB
from app.settings.values import UnusableValueError, is_placeholder, parse_uuid


def _refusal(what: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("unusable", "{what}", {"what": what, "remedy": remedy})


def _own_words(text: str) -> str:
    if is_placeholder(text):
        raise _refusal("is still the template's placeholder", "Put your own value in its place.")
    if not text.isprintable():
        raise _refusal("holds line breaks or control characters", "Write it on one line.")
    return text


def _service_id(text: str) -> str:
    try:
        return parse_uuid(_own_words(text))
    except UnusableValueError as unusable:
        raise _refusal(unusable.what, unusable.remedy) from None


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(_own_words(name)).key
    except (KeyError, ValueError, OSError):  # unknown, not a plain name, a folder of zones
        raise _refusal("is not a known time zone", "Write a name such as Europe/Berlin.") from None


def _memory_choice(memory_gb: int) -> int:
    if memory_gb % MEMORY_STEP_GB or not LEAST_MEMORY_GB <= memory_gb <= MOST_MEMORY_GB:
        bounds = f"from {LEAST_MEMORY_GB} to {MOST_MEMORY_GB}"
        raise _refusal(
            f"is not a multiple of {MEMORY_STEP_GB} {bounds}",
            "ClickHouse Cloud offers no other sizes, in GB per replica.",
        )
    return memory_gb


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_own_words),
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_own_words)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
ServiceId = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_service_id)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
MemoryChoice = Annotated[int, AfterValidator(_memory_choice)]


class Entry(BaseModel):
    """Base of all: a key that is not described here is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PortalEntry(Entry):
    """`portal`: how the portal presents itself, and bounds for every group."""

    title: Line = "Compute groups"
    time_zone: TimeZone = "UTC"
    contact: Line = "the people who run this portal"
    reason_required: bool = False
    memory_choices_gb: list[MemoryChoice] = Field(
        default=list(DEFAULT_MEMORY_CHOICES_GB), min_length=1
    )


class RuleEntry(Entry):
    """An item of `access`: these users, and everybody with one of these roles, may do this."""

    users: list[Name] = []
    clickhouse_roles: list[Name] = Field(default=[], validate_default=True)
    permissions: list[Annotated[Permission, Field(strict=False)]] = Field(min_length=1)

    @field_validator("clickhouse_roles")
    @classmethod
    def _speaks_of_somebody(cls, roles: list[str], info: ValidationInfo) -> list[str]:
        if not roles and info.data.get("users") == []:
            raise _refusal("and users are both empty", "Name a user or a role, or drop the rule.")
        return roles


class GroupEntry(Entry):
    """An item of `groups`: one service, as a compute group."""

    service_id: ServiceId
    name: Line
    access: list[RuleEntry] = []


class WarehouseEntry(Entry):
    """An item of `warehouses`; its `access` holds for every group of it."""

    key: Slug
    name: Line
    sign_in_service_id: ServiceId | None = None
    access: list[RuleEntry] = []
    groups: list[GroupEntry] = Field(min_length=1)


class ConfigFile(Entry):
    """The whole file."""

    portal: PortalEntry = PortalEntry()
    warehouses: list[WarehouseEntry] = Field(min_length=1)
