"""Which list of presets a group has, and whether each of them fits the group's limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.groups.presets import Preset, Range
from app.settings.limit_levels import MEMORY, LevelsOfGroup
from app.settings.org_schema import ConfigFile, PortalEntry
from app.settings.preset_entries import NEVER, PresetEntry
from app.settings.yaml_reader import Fault

REMEDY = "Change one of the two, or give the group presets of its own."


@dataclass(frozen=True)
class PresetsOfGroup:
    """The presets that a group has, and where their list stands."""

    path: str
    entries: Sequence[PresetEntry]

    def to_presets(self) -> tuple[Preset, ...]:
        """The presets as the domain knows them."""
        return tuple(entry.to_preset() for entry in self.entries)

    def faults(self, group: LevelsOfGroup) -> Iterator[Fault]:
        """Names that stand twice, and values that the group's limits would refuse."""
        first: dict[str, str] = {}
        for place, entry in enumerate(self.entries):
            path = f"{self.path}[{place}]"
            earlier = first.setdefault(entry.name.casefold(), f"{path}.name")
            if earlier != f"{path}.name":
                yield f"{path}.name", f"is the same as {earlier}", "Give each its own name."
            for key, what in _outside(entry, group):
                yield f"{path}.{key}", f"(“{entry.name}”) {what}", REMEDY


def presets_of(portal: PortalEntry) -> PresetsOfGroup:
    """Those of a group that has none but the portal's."""
    return _nearest(("portal", portal.presets))


def presets_in(file: ConfigFile) -> list[list[PresetsOfGroup]]:
    """For every warehouse in turn, those of each of its groups; the nearest list wins whole."""
    return [
        [
            _nearest(
                (f"warehouses[{number}].groups[{place}]", group.presets),
                (f"warehouses[{number}]", warehouse.presets),
                ("portal", file.portal.presets),
            )
            for place, group in enumerate(warehouse.groups)
        ]
        for number, warehouse in enumerate(file.warehouses)
    ]


def _nearest(*levels: tuple[str, Sequence[PresetEntry] | None]) -> PresetsOfGroup:
    for path, entries in levels:
        if entries is not None:
            return PresetsOfGroup(f"{path}.presets", entries)
    return PresetsOfGroup("", ())


def _outside(entry: PresetEntry, group: LevelsOfGroup) -> Iterator[tuple[str, str]]:
    yield from _outside_memory(entry, group)
    yield from _outside_range("replicas", entry.replicas, group)
    minutes = entry.idle_timeout_minutes
    if minutes:
        yield from _outside_range("idle_timeout_minutes", (minutes, minutes), group)
    may_disable = group.get("may_disable_idling")
    if minutes == 0 and not may_disable.value:
        yield "idle_timeout_minutes", f"is {NEVER}, against {may_disable.place}, which is false"
    if entry.memory_gb and entry.replicas:
        yield from _outside_total(entry.memory_gb[1] * entry.replicas[1], group)


def _outside_memory(entry: PresetEntry, group: LevelsOfGroup) -> Iterator[tuple[str, str]]:
    offered = group.get(MEMORY)
    for size_gb in dict.fromkeys(entry.memory_gb or ()):
        if size_gb not in offered.value:
            yield "memory_gb", f"asks for {size_gb} GB, which is not in {offered}"


def _outside_range(key: str, ends: Range | None, group: LevelsOfGroup) -> Iterator[tuple[str, str]]:
    least, most = group.get(f"{key}.least"), group.get(f"{key}.most")
    if ends and ends[0] < least.value:
        yield key, f"is {ends[0]}, below {least}"
    if ends and ends[1] > most.value:
        yield key, f"is {ends[1]}, above {most}"


def _outside_total(total_gb: int, group: LevelsOfGroup) -> Iterator[tuple[str, str]]:
    most, most_cost = group.find("max_total_gb"), group.find("max_cost_per_hour")
    if most and total_gb > most.value:
        yield "memory_gb", f"makes {total_gb} GB with its replicas, above {most}"
    cost = group.price.per_hour(total_gb) if group.price else None
    if cost and most_cost and cost > most_cost.value:
        yield "memory_gb", f"costs {cost} an hour with its replicas, above {most_cost}"
