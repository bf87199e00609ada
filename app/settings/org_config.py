"""`configs/org_config.yaml`: warehouses, their groups, and who may do what -> the catalog."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.access import AccessRule
from app.domain.catalog import Catalog, GroupDefinition, WarehouseDefinition
from app.domain.limits import Limits
from app.settings.org_schema import ConfigFile, GroupEntry, PortalEntry, RuleEntry, WarehouseEntry
from app.settings.yaml_reader import Fault, read_yaml

TEMPLATE = "configs/org_config.yaml_template"

_ADVICE: dict[str, tuple[str, str]] = {
    "missing": ("is missing", f"Add it; {TEMPLATE} shows how."),
    "extra_forbidden": ("is not known here", f"Correct its spelling or remove it; see {TEMPLATE}."),
    "string_type": ("is not text", "Write text, in quotes if it looks like a number or yes or no."),
    "bool_type": ("is neither true nor false", "Write true or false."),
    "int_type": ("is not a whole number", "Write a whole number without quotes."),
    "list_type": ("is not a list", "Write one item a line, each after a dash."),
    "model_type": ("is not a set of keys", f"Write key: value lines; {TEMPLATE} shows how."),
    "enum": ("is not a known permission", "Write view or scale."),
    "too_short": ("is empty", "Add at least one item."),
    "string_too_short": ("is empty", "Write some text."),
    "string_too_long": ("is too long", "Shorten it."),
    "string_pattern_mismatch": (
        "is not a plain word",
        "Use the letters a to z, digits and single dashes between them.",
    ),
}


@dataclass(frozen=True)
class OrgConfig:
    """What the file says, in the words of the rules."""

    title: str
    time_zone: str
    contact: str
    catalog: Catalog


def read_org_config(path: Path) -> tuple[OrgConfig | None, list[Fault]]:
    """What the file says, or all its faults."""
    if not path.exists():
        return None, [("the file", "is missing", f"Copy {TEMPLATE} to it and fill it in.")]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        remedy = "Check that the portal's user may read it and that it is UTF-8."
        return None, [("the file", "cannot be read as text", remedy)]
    return parse_org_config(text)


def parse_org_config(text: str) -> tuple[OrgConfig | None, list[Fault]]:
    """The same for the text of the file."""
    content, faults = read_yaml(text)
    if content is None:
        return None, faults or [("the file", "is empty", f"Fill it in as {TEMPLATE} shows.")]
    try:
        entries = ConfigFile.model_validate(content)
    except ValidationError as error:
        faults += [_fault(details) for details in error.errors(include_url=False)]
    faults += _repeated(content)
    return (None, faults) if faults else (_org_config(entries), [])


def _fault(details: ErrorDetails) -> Fault:
    advice = _ADVICE.get(details["type"])
    what, remedy = advice or (details["msg"], details.get("ctx", {}).get("remedy", "Correct it."))
    return _path(details["loc"]), what, remedy


def _path(location: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return text.removeprefix(".") or "the file"


def _repeated(content: object) -> list[Fault]:
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


def _members(content: object, key: str) -> Iterator[tuple[str, object]]:
    members = content.get(key) if isinstance(content, dict) else None
    if isinstance(members, list):
        yield from ((f"{key}[{index}]", member) for index, member in enumerate(members))


def _texts(content: object, place: str, key: str) -> Iterator[tuple[str, str]]:
    value = content.get(key) if isinstance(content, dict) else None
    if isinstance(value, str):
        yield f"{place}.{key}", value


def _org_config(entries: ConfigFile) -> OrgConfig:
    portal = entries.portal
    return OrgConfig(
        title=portal.title,
        time_zone=portal.time_zone,
        contact=portal.contact,
        catalog=Catalog(tuple(_warehouse(entry, portal) for entry in entries.warehouses)),
    )


def _warehouse(entry: WarehouseEntry, portal: PortalEntry) -> WarehouseDefinition:
    return WarehouseDefinition(
        key=entry.key,
        name=entry.name,
        groups=tuple(_group(group, entry, portal) for group in entry.groups),
        sign_in_service_id=entry.sign_in_service_id,
    )


def _group(entry: GroupEntry, warehouse: WarehouseEntry, portal: PortalEntry) -> GroupDefinition:
    return GroupDefinition(
        service_id=entry.service_id,
        name=entry.name,
        warehouse=warehouse.key,
        rules=tuple(_rule(rule) for rule in [*warehouse.access, *entry.access]),
        limits=Limits(
            memory_choices_gb=tuple(sorted(set(portal.memory_choices_gb))),
            is_reason_required=portal.reason_required,
        ),
    )


def _rule(entry: RuleEntry) -> AccessRule:
    return AccessRule(
        users=frozenset(entry.users),
        clickhouse_roles=frozenset(entry.clickhouse_roles),
        permissions=frozenset(entry.permissions),
    )
