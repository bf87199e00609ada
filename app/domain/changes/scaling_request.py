"""What somebody asks for: the only rules about its values, for pages and programs alike.

`ScalingRequest` holds the rules that need nothing but the request; `app.domain.changes.rules`
adds those that need the group's configuration and its limits. Both give `Problem`s with the same
codes.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from app.domain.groups.scaling import (
    LEAST_IDLE_TIMEOUT_MINUTES,
    LEAST_MEMORY_GB,
    MEMORY_STEP_GB,
    MOST_MEMORY_GB,
    ScalingConfig,
    ScalingMode,
)
from app.domain.messages import MESSAGES, problem
from app.errors import BrokenRules, Problem

LONGEST_REASON = 500


def _broken(code: str, **figures: int) -> PydanticCustomError:
    return PydanticCustomError(code, MESSAGES[code], dict(figures))


def _usable_reason(value: str) -> str:
    text = value.strip().replace("\r\n", "\n")  # as browsers send line breaks
    if len(text) > LONGEST_REASON:
        raise _broken("reason_too_long", most=LONGEST_REASON)
    if any(unicodedata.category(mark) in {"Cc", "Cf", "Cs"} for mark in text.replace("\n", "")):
        raise _broken("reason_control_characters")
    return text


# What the rules below and those of the group allow at most, for documents made of these types.
Memory = Annotated[
    int,
    WithJsonSchema(
        {
            "type": "integer",
            "minimum": LEAST_MEMORY_GB,
            "maximum": MOST_MEMORY_GB,
            "multipleOf": MEMORY_STEP_GB,
        }
    ),
]
Replicas = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1})]
IdleTimeout = Annotated[
    int, WithJsonSchema({"type": "integer", "minimum": LEAST_IDLE_TIMEOUT_MINUTES})
]
Reason = Annotated[
    str,
    AfterValidator(_usable_reason),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_REASON}),
]
"""Why somebody asks, in their own words, for those who look at the change later."""


class ScalingRequest(BaseModel):
    """A new scaling configuration for one group; what is None stays as it is.

    Memory in GB per replica. `num_replicas` is for groups with a fixed number of replicas,
    `min_replicas` and `max_replicas` for those that scale it. Build it with `parse_request`.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_default=True)

    min_memory_gb: Memory
    max_memory_gb: Memory
    num_replicas: Replicas | None = None
    min_replicas: Replicas | None = None
    max_replicas: Replicas | None = None
    idle_scaling: bool | None = None
    idle_timeout_minutes: IdleTimeout | None = None
    reason: Reason = ""

    @field_validator("min_memory_gb", "max_memory_gb")
    @classmethod
    def _memory(cls, value: int, info: ValidationInfo) -> int:
        if not LEAST_MEMORY_GB <= value <= MOST_MEMORY_GB:
            raise _broken("memory_out_of_range", least=LEAST_MEMORY_GB, most=MOST_MEMORY_GB)
        if value % MEMORY_STEP_GB:
            raise _broken("memory_not_multiple", step=MEMORY_STEP_GB)
        least = info.data.get("min_memory_gb")
        if info.field_name == "max_memory_gb" and least is not None and value < least:
            raise _broken("memory_min_above_max", least=least)
        return value

    @field_validator("min_replicas", "max_replicas")
    @classmethod
    def _replica_range(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and info.data.get("num_replicas") is not None:
            raise _broken("replicas_not_both_ways")
        if info.field_name == "max_replicas" and "min_replicas" in info.data:
            _check_pair(info.data["min_replicas"], value)
        return value

    def applied_to(self, current: ScalingConfig) -> ScalingConfig:
        """The configuration that the request leads to from `current`."""
        fixed = self.num_replicas
        requested = {
            "min_memory_gb": self.min_memory_gb,
            "max_memory_gb": self.max_memory_gb,
            "min_replicas": fixed if fixed is not None else self.min_replicas,
            "max_replicas": fixed if fixed is not None else self.max_replicas,
            "idle_scaling": self.idle_scaling,
            "idle_timeout_minutes": self.idle_timeout_minutes,
        }
        given = {name: value for name, value in requested.items() if value is not None}
        return current.model_copy(update=given)


def request_for(target: ScalingConfig, *, reason: str) -> ScalingRequest:
    """The request that asks for the whole of a configuration. Raises BrokenRules."""
    is_fixed = target.mode is ScalingMode.VERTICAL
    return parse_request(
        {
            "min_memory_gb": target.min_memory_gb,
            "max_memory_gb": target.max_memory_gb,
            "num_replicas": target.max_replicas if is_fixed else None,
            "min_replicas": None if is_fixed else target.min_replicas,
            "max_replicas": None if is_fixed else target.max_replicas,
            "idle_scaling": target.idle_scaling,
            "idle_timeout_minutes": target.idle_timeout_minutes,
            "reason": reason,
        }
    )


def _check_pair(fewest: int | None, most: int | None) -> None:
    if (fewest is None) != (most is None):
        raise _broken("replicas_both_needed")
    if fewest is not None and most is not None and most < fewest:
        raise _broken("replicas_min_above_max", least=fewest)


_PYDANTIC_CODES = {
    "missing": "required",
    "int_type": "not_a_whole_number",
    "bool_type": "not_yes_or_no",
    "string_type": "not_text",
    "string_unicode": "reason_control_characters",
    "extra_forbidden": "unknown_field",
}


R = TypeVar("R", bound=ScalingRequest)


def parse_request(values: Mapping[str, Any], required: Sequence[str] = ()) -> ScalingRequest:
    """A request out of named values. Raises BrokenRules with every problem found.

    `required` are fields that whoever asks insists on, besides those of the request itself.
    """
    return parse_as(ScalingRequest, values, required)


def parse_as(kind: type[R], values: Mapping[str, Any], required: Sequence[str] = ()) -> R:
    """The same for one of the requests that ask for more than a size."""
    missing = [problem(name, "required") for name in required if values.get(name) is None]
    try:
        request = kind.model_validate(dict(values))
    except ValidationError as error:
        named = {item.field for item in missing}
        found = [item for item in as_broken_rules(error).problems if item.field not in named]
        raise BrokenRules((*missing, *found)) from None
    if missing:
        raise BrokenRules(tuple(missing))
    return request


class _GivenReason(BaseModel):
    model_config = ConfigDict(strict=True)

    reason: Reason


def parse_reason(text: str) -> str:
    """A reason by itself, as a request would hold it. Raises BrokenRules."""
    try:
        return _GivenReason.model_validate({"reason": text}).reason
    except ValidationError as error:
        raise as_broken_rules(error) from None


def as_broken_rules(error: ValidationError) -> BrokenRules:
    """Everything that validation found, in the portal's own codes and words."""
    return BrokenRules(tuple(_as_problem(item) for item in error.errors()))


def _as_problem(item: ErrorDetails) -> Problem:
    field = str(item["loc"][0]) if item["loc"] else ""
    code = _PYDANTIC_CODES.get(item["type"], item["type"])
    if code in MESSAGES:
        return problem(field, code, **item.get("ctx", {}))
    return problem(field, "not_a_whole_number")
