"""Faults of `configs/org_config.yaml`: where, what is wrong, and what to write instead."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple, get_args

from pydantic import AliasChoices, BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

TEMPLATE = "configs/org_config.yaml_template"

Location = tuple[int | str, ...]

_ADVICE: dict[str, tuple[str, str]] = {
    "missing": ("is missing", f"Add it; {TEMPLATE} shows how."),
    "extra_forbidden": ("is not known here", f"Correct its spelling or remove it; see {TEMPLATE}."),
    "string_type": ("is not text", "Write text, in quotes if it looks like a number or yes or no."),
    "bool_type": ("is neither true nor false", "Write true or false."),
    "int_type": ("is not a whole number", "Write a whole number without quotes."),
    "greater_than_equal": ("is below {ge}", "Write a whole number from {ge} on."),
    "less_than_equal": ("is above {le}", "Write a whole number up to {le}."),
    "date_type": ("is not a date", "Write it as 2026-11-30, without quotes."),
    "list_type": ("is not a list", "Write one item a line, each after a dash."),
    "dict_type": ("is not a list", "Write one item a line, each after a dash."),
    "model_type": ("is not a set of keys", f"Write key: value lines; {TEMPLATE} shows how."),
    "too_short": ("is empty", "Add at least one item."),
    "too_long": ("has too many items", "Leave at most {max_length}."),
    "string_too_short": ("is empty", "Write some text."),
    "string_too_long": ("is too long", "Shorten it."),
    "string_pattern_mismatch": (
        "is not a plain word",
        "Use the letters a to z, digits and single dashes between them.",
    ),
}
"""pydantic's type of error -> what is wrong, and the remedy."""

_RANGE_KEYS = {
    "memory_gb": "min, max or step",
    "replicas": "min or max",
    "idle_timeout_minutes": "min or max",
}
"""The keys of each range, for the remedy of an unknown one."""


class Fault(NamedTuple):
    """A fault of the file: the path of the key, what is wrong, and the remedy."""

    path: str
    what: str
    remedy: str


class Entry(BaseModel):
    """Base of the entries of the file: immutable, strict, and without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def refusal(what: str, remedy: str) -> PydanticCustomError:
    """The error to raise in a validator; `shape_fault` turns it into a Fault."""
    return PydanticCustomError("unusable", "{what}", {"what": what, "remedy": remedy})


def shape_fault(details: ErrorDetails, model: type[BaseModel]) -> Fault:
    """The fault for one error of a pydantic ValidationError of this model."""
    context = details.get("ctx", {})
    location = details["loc"]
    if details["type"] not in _ADVICE:
        return Fault(format_path(location), details["msg"], context.get("remedy", "Correct it."))
    what, remedy = _ADVICE[details["type"]]
    if details["type"] == "extra_forbidden":
        remedy = _spelling_remedy(model, location) or remedy
    return Fault(format_path(location), what.format(**context), remedy.format(**context))


def _spelling_remedy(model: type[BaseModel], location: Location) -> str:
    """What to write instead of an unknown key; empty if nothing is like it."""
    *outer, key = location
    parent = str(outer[-1]) if outer else ""
    if parent in _RANGE_KEYS:
        return f"Write {_RANGE_KEYS[parent]}."
    found = find_model(model, outer)
    near = get_close_matches(str(key), list_keys(found), n=1) if found else []
    return f"Did you mean {near[0]}? Write that, or remove it." if near else ""


def explain_unknown(path: str, name: str, key: str, known: Iterable[str]) -> Fault:
    """The fault of a name at `path` that does not stand under `key` of the file."""
    what = f"is {name}, which does not stand under {key}"
    near = get_close_matches(name, list(known), n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return Fault(path, what, f"{hint}Add it there, or name one that stands there.")


def find_model(model: type[BaseModel], location: Sequence[int | str]) -> type[BaseModel] | None:
    """The model of the entry at this location below `model`; None if there is none."""
    found: type[BaseModel] | None = model
    for part in location:
        fields = _fields_by_key(found) if found else {}
        if part in fields:
            found = _entry_in(fields[str(part)].annotation)
        # Any other part is an index, or a key that the author chose: its entry was found before.
    return found


def list_keys(model: type[BaseModel]) -> list[str]:
    """The keys of an entry as they are written, earlier names left out."""
    return list(dict.fromkeys(_written_name(name, field) for name, field in _fields(model)))


def _fields(model: type[BaseModel]) -> Iterable[tuple[str, FieldInfo]]:
    return model.model_fields.items()


def _fields_by_key(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {_written_name(name, field): field for name, field in _fields(model)}


def _written_name(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    first = alias.choices[0] if isinstance(alias, AliasChoices) else alias
    return first if isinstance(first, str) else name


def _entry_in(annotation: object) -> type[BaseModel] | None:
    """The model somewhere inside a type such as `list[GroupEntry] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_entry_in(inner) for inner in get_args(annotation))
    return next((model for model in found if model), None)


def format_path(location: Location) -> str:
    """The location as it appears in faults: `warehouses[0].groups[1].name`, and
    `warehouses[analytics.yaml].name` in a file of its own."""
    text = "".join(
        f"[{part}]" if isinstance(part, int) or "." in part else f".{part}" for part in location
    )
    return text.removeprefix(".") or "the file"
