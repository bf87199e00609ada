"""Read `configs/org_config.yaml`: the catalog of warehouses and groups, or all faults of it."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from app.domain.groups.catalog import Catalog
from app.files import UnusableFileError, read_bounded
from app.settings.contradictions import find_contradictions
from app.settings.org_schema import ServicesFile, WarehousesFile
from app.settings.org_values import TEMPLATE, Fault, format_path, shape_fault

MOST_BYTES = 2 * 1024 * 1024

_MERGE_KEY = "tag:yaml.org,2002:merge"
_WHOLE_FILE = "the file"
_NOT_UNDERSTOOD = Fault(
    _WHOLE_FILE,
    "cannot be understood",
    "Correct what was added last: a date that does not exist, a tag with two exclamation marks.",
)

Location = tuple[int | str, ...]


@dataclass(frozen=True)
class OrgConfig:
    """What the file says. `warnings` are lines about what should be written otherwise."""

    title: str
    time_zone: str
    contact: str
    note: str
    catalog: Catalog
    warnings: tuple[str, ...] = ()


def read_org_config(path: Path) -> tuple[OrgConfig | None, list[Fault]]:
    """What the file at `path` says, or None and all its faults."""
    try:
        text = read_bounded(path, MOST_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        remedy = f"Copy {TEMPLATE} to it and fill it in."
        return None, [Fault(_WHOLE_FILE, "is missing", remedy)]
    except UnusableFileError as error:
        remedy = "Put an ordinary file of at most 2 MiB there."
        return None, [Fault(_WHOLE_FILE, str(error), remedy)]
    except (OSError, ValueError):
        remedy = "Check that the portal's user may read it and that it is UTF-8."
        return None, [Fault(_WHOLE_FILE, "cannot be read as text", remedy)]
    try:
        return parse_org_config(text)
    except Exception:  # noqa: BLE001 - whatever stands in the file, its readers go on
        return None, [_NOT_UNDERSTOOD]


def parse_org_config(text: str) -> tuple[OrgConfig | None, list[Fault]]:
    """What this text of the file says, or None and all its faults."""
    content, faults = _read_yaml(text)
    if content is None:
        empty = Fault(_WHOLE_FILE, "is empty", f"Fill it in as {TEMPLATE} shows.")
        return None, faults or [empty]
    is_flat = isinstance(content, dict) and "services" in content
    try:
        file = (ServicesFile if is_flat else WarehousesFile).model_validate(content)
        faults += find_contradictions(file)
    except ValidationError as error:
        faults += [shape_fault(details) for details in error.errors(include_url=False)]
    faults += _repeated_ids(content)
    return (None, faults) if faults else (_to_org_config(file), [])


def _to_org_config(file: WarehousesFile | ServicesFile) -> OrgConfig:
    return OrgConfig(
        title=file.portal.title,
        time_zone=file.portal.time_zone,
        contact=file.portal.contact,
        note=file.portal.note or "",
        catalog=file.to_catalog(),
        warnings=file.list_warnings(),
    )


class _Loader(yaml.SafeLoader):
    """The safe loader; it also collects keys that stand twice in one mapping."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[Fault] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == _MERGE_KEY or not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                what = f"the key {key.value!r} stands twice in one place"
                self.repeated.append(Fault(_format_mark(key.start_mark), what, "Keep one of them."))
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _read_yaml(text: str) -> tuple[object, list[Fault]]:
    """The content of the text and its repeated keys; None and one fault if it is not YAML."""
    try:
        loader = _Loader(text)
        return loader.get_single_data(), loader.repeated
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or "this is not YAML"
        return None, [Fault(_format_mark(mark), what, "Correct the YAML there.")]
    except yaml.YAMLError:  # unusable characters
        return None, [Fault(_WHOLE_FILE, "is not YAML", "Save it as UTF-8 text in YAML.")]
    except Exception:  # noqa: BLE001 - the reader raises anything for a tag that does not fit
        return None, [_NOT_UNDERSTOOD]


def _format_mark(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else _WHOLE_FILE


def _repeated_ids(content: object) -> list[Fault]:
    # Looked for in the YAML itself, so that they are found beside all other faults.
    first: dict[tuple[int | str, str], Location] = {}
    faults = []
    for location, value in _list_ids(content):
        earlier = first.setdefault((location[-1], value.strip().lower()), location)
        if earlier != location:
            what = f"is the same as {format_path(earlier)}"
            faults.append(Fault(format_path(location), what, "Each must stand once in the file."))
    return faults


def _list_ids(content: object) -> Iterator[tuple[Location, str]]:
    for location, warehouse in _list_members(content, ("warehouses",)):
        yield from _find_text(warehouse, (*location, "key"))
        for inner, group in _list_members(warehouse, (*location, "groups")):
            yield from _find_text(group, (*inner, "service_id"))
    for location, service in _list_members(content, ("services",)):
        yield from _find_text(service, (*location, "service_id"))


def _list_members(content: object, location: Location) -> Iterator[tuple[Location, object]]:
    members = content.get(location[-1]) if isinstance(content, dict) else None
    if isinstance(members, list):
        members = dict(enumerate(members))
    if isinstance(members, dict):
        yield from (((*location, key), member) for key, member in members.items())


def _find_text(content: object, location: Location) -> Iterator[tuple[Location, str]]:
    value = content.get(location[-1]) if isinstance(content, dict) else None
    if isinstance(value, str):
        yield location, value
