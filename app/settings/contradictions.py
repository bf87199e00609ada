"""Two rules of `configs/org_config.yaml` that cannot both be meant: a fault that names both.

Looked for where limits take effect, in each group with all that it inherits, and besides within
each place by itself, since a range that is the wrong way round is a slip even if no group
inherits it.
"""

from collections.abc import Iterator, Sequence

from app.settings.access_entries import RuleEntry
from app.settings.limit_entries import MemoryRange
from app.settings.limit_levels import (
    MEMORY,
    MEMORY_RANGE,
    Bound,
    Level,
    LevelsOfGroup,
    every_level,
    levels_in,
    levels_of,
)
from app.settings.org_schema import ConfigFile, PortalEntry, WarehouseEntry
from app.settings.preset_levels import presets_in, presets_of
from app.settings.yaml_reader import Fault

CHANGE_ONE = "Change one of the two."
_RANGES = ("replicas", "idle_timeout_minutes")


def contradictions_in(file: ConfigFile) -> list[Fault]:
    """All of them, each once, however many groups inherit it."""
    return list(dict.fromkeys(_contradictions(file)))


def contradictions_of(portal: PortalEntry) -> list[Fault]:
    """The same where there are no limits but the portal's."""
    only = levels_of(portal)
    presets = presets_of(portal).faults(only)
    found = [*_within_level(only.levels[0]), *_within_group(only), *presets]
    return list(dict.fromkeys(found))


def _contradictions(file: ConfigFile) -> Iterator[Fault]:
    for level in every_level(file):
        yield from _within_level(level)
    for number, (warehouse, groups) in enumerate(
        zip(file.warehouses, levels_in(file), strict=True)
    ):
        path = f"warehouses[{number}]"
        for group in groups:
            yield from _within_group(group)
        yield from _replicas_together(warehouse, path, groups)
        yield from _taken_back(warehouse.access, path)
        for entry, group in zip(warehouse.groups, groups, strict=True):
            yield from _taken_back(entry.access, group.path)
        for presets, group in zip(presets_in(file)[number], groups, strict=True):
            yield from presets.faults(group)


def _within_level(level: Level) -> Iterator[Fault]:
    alone = LevelsOfGroup(level.path, (level,), None)
    for name in _RANGES:
        least, most = alone.find(f"{name}.least"), alone.find(f"{name}.most")
        if least and most:
            yield from _wrong_way_round(least, most)
    memory = level.entry.memory_gb
    if memory is not None:
        yield from _within_memory(memory, level)


def _within_memory(memory: MemoryRange, level: Level) -> Iterator[Fault]:
    path = f"{level.path}.{MEMORY_RANGE}"
    least, most = Bound(f"{path}.least", memory.least, 0), Bound(f"{path}.most", memory.most, 0)
    yield from _wrong_way_round(least, most)
    if memory.choices() and memory.choices()[-1] != memory.most:
        steps = f"{least} GB, in steps of {path}.step, which is {memory.step} GB"
        what = f"is {memory.most}, which is not reached from {steps}"
        yield most.place, what, f"Write {memory.choices()[-1]}, or another step."
    if level.entry.memory_choices_gb is not None:
        yield path, f"stands beside {level.path}.{MEMORY}", "Keep one of the two."


def _within_group(group: LevelsOfGroup) -> Iterator[Fault]:
    for name in _RANGES:
        yield from _wrong_way_round(group.get(f"{name}.least"), group.get(f"{name}.most"))
    yield from _too_small_for_anything(group)
    yield from _too_costly_for_anything(group)
    yield from _never_asked(group)


def _wrong_way_round(least: Bound, most: Bound) -> Iterator[Fault]:
    if least.value > most.value:
        if least.distance <= most.distance:
            yield least.place, f"is {least.value}, above {most}", CHANGE_ONE
        else:
            yield most.place, f"is {most.value}, below {least}", CHANGE_ONE


def _too_small_for_anything(group: LevelsOfGroup) -> Iterator[Fault]:
    total, smallest = group.find("max_total_gb"), _smallest_gb(group)
    if total and smallest > total.value:
        what = f"is {total.value} GB, below the smallest size, {smallest} GB: {_made_of(group)}"
        yield total.place, what, "Raise the one or lower the other."


def _too_costly_for_anything(group: LevelsOfGroup) -> Iterator[Fault]:
    most, price = group.find("max_cost_per_hour"), group.price
    if most is None:
        return
    if price is None:
        yield most.place, f"is {most.value}, and portal.price is missing", "Add portal.price."
        return
    cost = price.per_hour(_smallest_gb(group))
    if cost > most.value:
        rate = f"portal.price.per_8_gb_hour, which is {price.per_unit_hour}"
        what = f"is {most.value}, and the smallest size costs {cost} by {rate}: {_made_of(group)}"
        yield most.place, what, "Raise the one or lower the other."


def _never_asked(group: LevelsOfGroup) -> Iterator[Fault]:
    soft, hard = group.find("password_above_gb"), group.find("max_total_gb")
    if soft and hard and soft.value >= hard.value:
        remedy = "Set password_above_gb below max_total_gb here, or a larger max_total_gb."
        if soft.distance <= hard.distance:
            yield soft.place, f"is {soft.value}, which is never passed under {hard}", remedy
        else:
            yield hard.place, f"is {hard.value}, so nothing ever passes {soft}", remedy


def _smallest_gb(group: LevelsOfGroup) -> int:
    """The least memory of one replica x the fewest replicas; 0 if no size is left at all."""
    smallest: int = min(group.get(MEMORY).value, default=0) * group.get("replicas.least").value
    return smallest


def _made_of(group: LevelsOfGroup) -> str:
    memory, replicas = group.get(MEMORY), group.get("replicas.least")
    size = f"{min(memory.value)} GB ({memory.place})"
    return f"{size} x {replicas.value} ({replicas.place})"


def _replicas_together(
    warehouse: WarehouseEntry, path: str, groups: Sequence[LevelsOfGroup]
) -> Iterator[Fault]:
    fewest = [group.get("replicas.least") for group in groups]
    together = sum(bound.value for bound in fewest)
    if warehouse.max_replicas is not None and together > warehouse.max_replicas:
        parts = ", ".join(
            f"{bound.value} for {group.path} ({bound.place})"
            for group, bound in zip(groups, fewest, strict=True)
        )
        what = f"is {warehouse.max_replicas}, below the {together} that its groups have at least"
        yield f"{path}.max_replicas", f"{what}: {parts}", "Raise the one or lower the others."


def _taken_back(rules: Sequence[RuleEntry], path: str) -> Iterator[Fault]:
    for place, rule in enumerate(rules):
        rule_path = f"{path}.access[{place}]"
        deny = f"{rule_path}.deny, which is {', '.join(rule.deny)}"
        for number in rule.taken_back():
            what = f"is {rule.permissions[number]}, and {deny}, takes it back"
            yield f"{rule_path}.permissions[{number}]", what, CHANGE_ONE
