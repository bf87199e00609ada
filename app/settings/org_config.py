"""`configs/org_config.yaml`: warehouses, their groups, and who may do what -> the catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from app.domain.access import AccessRule
from app.domain.catalog import Catalog, GroupDefinition, WarehouseDefinition
from app.settings.access_entries import RuleEntry
from app.settings.contradictions import contradictions_in
from app.settings.limit_levels import LevelsOfGroup, levels_in
from app.settings.org_faults import TEMPLATE, repeated_faults, shape_fault
from app.settings.org_schema import ConfigFile, GroupEntry, WarehouseEntry
from app.settings.yaml_reader import Fault, read_yaml


@dataclass(frozen=True)
class OrgConfig:
    """What the file says, in the words of the rules."""

    title: str
    time_zone: str
    contact: str
    catalog: Catalog


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
    try:
        file = ConfigFile.model_validate(content)
    except ValidationError as error:
        faults += [shape_fault(details) for details in error.errors(include_url=False)]
    else:
        faults += contradictions_in(file)
    faults += repeated_faults(content)
    return (None, faults) if faults else (_org_config(file), [])


def _org_config(file: ConfigFile) -> OrgConfig:
    portal = file.portal
    warehouses = zip(file.warehouses, levels_in(file), strict=True)
    return OrgConfig(
        title=portal.title,
        time_zone=portal.time_zone,
        contact=portal.contact,
        catalog=Catalog(
            tuple(
                _warehouse(entry, f"warehouses[{number}]", levels)
                for number, (entry, levels) in enumerate(warehouses)
            )
        ),
    )


def _warehouse(
    entry: WarehouseEntry, path: str, levels: Sequence[LevelsOfGroup]
) -> WarehouseDefinition:
    shared = _rules(entry.access, path)
    return WarehouseDefinition(
        key=entry.key,
        name=entry.name,
        groups=tuple(
            _group(group, entry.key, shared, of_group)
            for group, of_group in zip(entry.groups, levels, strict=True)
        ),
        sign_in_service_id=entry.sign_in_service_id,
        max_replicas=entry.max_replicas,
    )


def _group(
    entry: GroupEntry, warehouse: str, shared: tuple[AccessRule, ...], levels: LevelsOfGroup
) -> GroupDefinition:
    return GroupDefinition(
        service_id=entry.service_id,
        name=entry.name,
        warehouse=warehouse,
        rules=shared + _rules(entry.access, levels.path),
        limits=levels.to_limits(),
    )


def _rules(entries: Sequence[RuleEntry], path: str) -> tuple[AccessRule, ...]:
    return tuple(entry.to_rule(f"{path}.access[{place}]") for place, entry in enumerate(entries))
