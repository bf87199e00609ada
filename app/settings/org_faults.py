"""What is wrong with the shape of `configs/org_config.yaml`, in words, at its path."""

from collections.abc import Iterator

from pydantic_core import ErrorDetails

from app.settings.yaml_reader import Fault

TEMPLATE = "configs/org_config.yaml_template"

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
    "model_type": ("is not a set of keys", f"Write key: value lines; {TEMPLATE} shows how."),
    "too_short": ("is empty", "Add at least one item."),
    "string_too_short": ("is empty", "Write some text."),
    "string_too_long": ("is too long", "Shorten it."),
    "string_pattern_mismatch": (
        "is not a plain word",
        "Use the letters a to z, digits and single dashes between them.",
    ),
}


def shape_fault(details: ErrorDetails) -> Fault:
    """pydantic's error in our words."""
    context = details.get("ctx", {})
    path = _path(details["loc"])
    if details["type"] in _ADVICE:
        what, remedy = _ADVICE[details["type"]]
        return path, what.format(**context), remedy.format(**context)
    return path, details["msg"], context.get("remedy", "Correct it.")


def _path(location: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.removeprefix(".") or "the file"


def repeated_faults(content: object) -> list[Fault]:
    """Keys and ids that must differ over the file, looked for even where other things are wrong."""
    first: dict[tuple[str, str], str] = {}
    faults = []
    for path, value in _identifiers(content):
        kind = path.rpartition(".")[2]
        earlier = first.setdefault((kind, value.strip().lower()), path)
        if earlier != path:
            faults.append((path, f"is the same as {earlier}", "Each must stand once in the file."))
    return faults


def _identifiers(content: object) -> Iterator[tuple[str, str]]:
    for place, warehouse in _members(content, "warehouses"):
        yield from _texts(warehouse, place, "key")
        for inner_place, group in _members(warehouse, "groups"):
            yield from _texts(group, f"{place}.{inner_place}", "service_id")
    for place, service in _members(content, "services"):
        yield from _texts(service, place, "service_id")


def _members(content: object, key: str) -> Iterator[tuple[str, object]]:
    members = content.get(key) if isinstance(content, dict) else None
    if isinstance(members, list):
        yield from ((f"{key}[{index}]", member) for index, member in enumerate(members))
    elif isinstance(members, dict):
        yield from ((f"{key}.{word}", member) for word, member in members.items())


def _texts(content: object, place: str, key: str) -> Iterator[tuple[str, str]]:
    value = content.get(key) if isinstance(content, dict) else None
    if isinstance(value, str):
        yield f"{place}.{key}", value
