"""`configs/org_config.yaml`: warehouses, their groups, and who may do what -> the catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.access.permissions import AccessRule
from app.domain.groups.catalog import Catalog, GroupDefinition, WarehouseDefinition
from app.settings.access_entries import RuleEntry
from app.settings.contradictions import contradictions_in, contradictions_of
from app.settings.limit_levels import LevelsOfGroup, levels_in, levels_of
from app.settings.org_faults import TEMPLATE, repeated_faults, shape_fault
from app.settings.org_schema import ConfigFile, GroupEntry, PortalEntry, WarehouseEntry
from app.settings.preset_levels import PresetsOfGroup, presets_in, presets_of
from app.settings.services_file import NamedServicesFile, ServicesFile, list_warnings
from app.settings.yaml_reader import Fault, read_yaml


@dataclass(frozen=True)
class OrgConfig:
    """What the file says, in the words of the rules."""

    title: str
    time_zone: str
    contact: str
    note: str
    catalog: Catalog
    warnings: tuple[str, ...] = ()


def read_org_config(path: Path) -> tuple[OrgConfig | None, list[Fault]]:
    """What the file says, or all its faults."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None, [("the file", "is missing", f"Copy {TEMPLATE} to it and fill it in.")]
    except (OSError, ValueError):
        remedy = "Check that the portal's user may read it and that it is UTF-8."
        return None, [("the file", "cannot be read as text", remedy)]
    return parse_org_config(text)


def parse_org_config(text: str) -> tuple[OrgConfig | None, list[Fault]]:
    """The same for the text of the file."""
    content, faults = read_yaml(text)
    if content is None:
        return None, faults or [("the file", "is empty", f"Fill it in as {TEMPLATE} shows.")]
    is_flat = isinstance(content, dict) and "services" in content
    try:
        org_config, found = (_read_services if is_flat else _read_warehouses)(content)
    except ValidationError as error:
        org_config, found = None, [shape_fault(item) for item in error.errors(include_url=False)]
    faults += [*found, *repeated_faults(content)]
    return (None, faults) if faults else (org_config, [])


def _read_warehouses(content: object) -> tuple[OrgConfig, list[Fault]]:
    file = ConfigFile.model_validate(content)
    inherited = zip(file.warehouses, levels_in(file), presets_in(file), strict=True)
    warehouses = [
        _warehouse(entry, f"warehouses[{number}]", levels, presets)
        for number, (entry, levels, presets) in enumerate(inherited)
    ]
    return _org_config(file.portal, warehouses), contradictions_in(file)


def _read_services(content: Any) -> tuple[OrgConfig, list[Fault]]:  # noqa: ANN401 - YAML
    is_named = isinstance(content["services"], dict)
    file = (NamedServicesFile if is_named else ServicesFile).model_validate(content)
    limits = levels_of(file.portal).to_limits()
    presets = presets_of(file.portal).to_presets()
    warehouses = [entry.to_warehouse(path, limits, presets) for path, entry in file.entries()]
    org_config = _org_config(file.portal, warehouses, list_warnings(file.entries()))
    return org_config, contradictions_of(file.portal)


def _org_config(
    portal: PortalEntry, warehouses: list[WarehouseDefinition], warnings: tuple[str, ...] = ()
) -> OrgConfig:
    return OrgConfig(
        title=portal.title,
        time_zone=portal.time_zone,
        contact=portal.contact,
        note=portal.note or "",
        catalog=Catalog(tuple(warehouses)),
        warnings=warnings,
    )


def _warehouse(
    entry: WarehouseEntry,
    path: str,
    levels: Sequence[LevelsOfGroup],
    presets: Sequence[PresetsOfGroup],
) -> WarehouseDefinition:
    shared = _rules(entry.access, path)
    return WarehouseDefinition(
        key=entry.key,
        name=entry.name,
        groups=tuple(
            _group(group, entry.key, shared, bounds, named)
            for group, bounds, named in zip(entry.groups, levels, presets, strict=True)
        ),
        sign_in_service_id=entry.sign_in_service_id,
        max_replicas=entry.max_replicas,
    )


def _group(
    entry: GroupEntry,
    warehouse: str,
    shared: tuple[AccessRule, ...],
    levels: LevelsOfGroup,
    presets: PresetsOfGroup,
) -> GroupDefinition:
    return GroupDefinition(
        service_id=entry.service_id,
        name=entry.name,
        warehouse=warehouse,
        rules=shared + _rules(entry.access, levels.path),
        limits=levels.to_limits(),
        presets=presets.to_presets(),
    )


def _rules(entries: Sequence[RuleEntry], path: str) -> tuple[AccessRule, ...]:
    return tuple(entry.to_rule(f"{path}.access[{place}]") for place, entry in enumerate(entries))
