"""Read `configs/org_config.yaml`: the catalog of warehouses and groups, or all faults of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from app.domain.groups.catalog import Catalog
from app.settings.contradictions import find_contradictions
from app.settings.org.faults import Fault, Location, format_path, shape_fault
from app.settings.org.files import NOT_UNDERSTOOD, add_parts, read_files, read_text
from app.settings.org.schema import WarehousesFile
from app.settings.org.services import ServicesFile

NO_PARTS: Mapping[str, object] = {}


@dataclass(frozen=True)
class OrgConfig:
    """What the file says. `warnings` are lines about what should be written otherwise."""

    time_zone: str
    catalog: Catalog
    warnings: tuple[str, ...] = ()


def read_org_config(path: Path) -> tuple[OrgConfig | None, list[Fault]]:
    """What the file at `path` says, with the folder beside it, or None and all its faults."""
    try:
        return _parse(*read_files(path))
    except Exception:  # noqa: BLE001 - whatever stands in the file, its readers go on
        return None, [NOT_UNDERSTOOD]


def parse_org_config(
    text: str, parts: Mapping[str, object] = NO_PARTS
) -> tuple[OrgConfig | None, list[Fault]]:
    """What this text of the file says with these files of warehouses beside it, or None and all
    its faults."""
    content, faults = read_text(text)
    return _parse(add_parts(content, parts), faults)


def _parse(content: object, faults: list[Fault]) -> tuple[OrgConfig | None, list[Fault]]:
    if content is None:
        return None, faults
    is_flat = isinstance(content, dict) and "services" in content
    model = ServicesFile if is_flat else WarehousesFile
    try:
        file = model.model_validate(content)
        faults += find_contradictions(file)
    except ValidationError as error:
        faults += [shape_fault(details, model) for details in error.errors(include_url=False)]
    faults += _repeated_ids(content)
    return (None, faults) if faults else (_to_org_config(file), [])


def _to_org_config(file: WarehousesFile | ServicesFile) -> OrgConfig:
    return OrgConfig(
        time_zone=file.portal.time_zone,
        catalog=file.to_catalog(),
        warnings=file.list_warnings(),
    )


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
