"""Contradictions in `configs/org_config.yaml`: values that are valid alone but not together.

Each fault names both values. Limits are compared within each level, and then for every group
with all that it inherits.
"""

from collections.abc import Iterator, Sequence

from app.domain.groups.presets import Range
from app.settings.org.faults import Fault
from app.settings.org.limits import NEVER, Bound, InheritedLevels, Level, PresetEntry
from app.settings.org.ranges import MemoryRange
from app.settings.org.rules import RuleEntry
from app.settings.org.schema import WarehouseEntry, WarehousesFile
from app.settings.org.services import ServicesFile
from app.settings.org.sign_in import in_sign_in

CHANGE_ONE = "Change one of the two."
CHANGE_EITHER_SIZE = "Raise the one or lower the other."
CHANGE_PRESET = "Change one of the two, or give the group presets of its own."
_RANGES = ("replicas", "idle_timeout_minutes")


def find_contradictions(file: WarehousesFile | ServicesFile) -> list[Fault]:
    """All contradictions, each once, however many groups inherit it."""
    if isinstance(file, ServicesFile):
        return list(dict.fromkeys(_in_limits([file.portal.inherited_by()])))
    found = [*file.list_unknown_names()]
    found += in_sign_in(file)
    found += _in_limits([*_possible_levels(file)])
    for path, warehouse in file.by_path().items():
        found += _in_warehouse(warehouse, path, warehouse.inherited_levels(path, file))
    for path, rule in file.rules_by_path().items():
        found += _cancelled_permissions(rule, path)
    return list(dict.fromkeys(found))


def _possible_levels(file: WarehousesFile) -> Iterator[InheritedLevels]:
    """What applies to every group: without a tag, and with the tag of each `by_tag` alone."""
    for path, warehouse in file.by_path().items():
        yield from warehouse.inherited_levels(path, file)
        for entry in warehouse.by_tag:
            key, _, value = entry.tag.partition("=")
            tags = {group.service_id: {key: value} for group in warehouse.groups}
            yield from warehouse.inherited_levels(path, file, tags)


def _in_limits(groups: Sequence[InheritedLevels]) -> Iterator[Fault]:
    levels: dict[str, Level] = {}
    for group in groups:
        levels |= {level.path: level for level in reversed(group.levels)}
    for level in levels.values():
        yield from _in_level(level)
    for group in groups:
        yield from _in_group(group)
        yield from _in_presets(group)


def _in_level(level: Level) -> Iterator[Fault]:
    bounds = level.bounds()
    for name in _RANGES:
        if f"min_{name}" in bounds and f"max_{name}" in bounds:
            yield from _reversed(bounds[f"min_{name}"], bounds[f"max_{name}"])
    if level.limits.memory_gb is not None:
        path = f"{level.path}.limits.memory_gb"
        yield from _in_memory_range(level.limits.memory_gb, path)
        if level.limits.memory_choices_gb is not None:
            what = f"stands beside {level.path}.limits.memory_choices_gb"
            yield Fault(path, what, "Keep one of the two.")


def _in_memory_range(memory: MemoryRange, path: str) -> Iterator[Fault]:
    low, high = (Bound(f"{path}.{key}", value, 0) for key, value in memory.ends().values())
    yield from _reversed(low, high)
    choices = memory.choices()
    if choices and choices[-1] != memory.max:
        steps = f"{low} GB, in steps of {path}.step, which is {memory.step} GB"
        what = f"is {memory.max}, which is not reached from {steps}"
        yield Fault(high.path, what, f"Write {choices[-1]}, or another step.")


def _reversed(low: Bound, high: Bound) -> Iterator[Fault]:
    if low.value > high.value and low.distance <= high.distance:
        yield Fault(low.path, f"is {low.value}, above {high}", CHANGE_ONE)
    elif low.value > high.value:
        yield Fault(high.path, f"is {high.value}, below {low}", CHANGE_ONE)


def _in_group(group: InheritedLevels) -> Iterator[Fault]:
    for name in _RANGES:
        yield from _reversed(group.bounds[f"min_{name}"], group.bounds[f"max_{name}"])
    for kind in ("", "boost_"):
        yield from _total_below_smallest_size(group, f"{kind}max_total_gb")
        yield from _cost_below_smallest_size(group, f"{kind}max_cost_per_hour")
    yield from _password_never_asked(group)


def _total_below_smallest_size(group: InheritedLevels, name: str) -> Iterator[Fault]:
    total, smallest_gb = group.bounds.get(name), _smallest_gb(group)
    if total and smallest_gb > total.value:
        what = f"is {total.value} GB, below the smallest size, {smallest_gb} GB"
        yield Fault(total.path, f"{what}: {_format_smallest(group)}", CHANGE_EITHER_SIZE)


def _cost_below_smallest_size(group: InheritedLevels, name: str) -> Iterator[Fault]:
    limit, price = group.bounds.get(name), group.price
    if limit is None:
        return
    if price is None:
        what = f"is {limit.value}, and portal.price is missing"
        yield Fault(limit.path, what, "Add portal.price.")
        return
    cost = price.per_hour(_smallest_gb(group))
    if cost > limit.value:
        rate = f"portal.price.per_8_gb_hour, which is {price.per_unit_hour}"
        what = f"is {limit.value}, and the smallest size costs {cost} by {rate}"
        yield Fault(limit.path, f"{what}: {_format_smallest(group)}", CHANGE_EITHER_SIZE)


def _password_never_asked(group: InheritedLevels) -> Iterator[Fault]:
    soft, hard = (group.bounds.get(key) for key in ("reauthenticate_above_gb", "max_total_gb"))
    if soft is None or hard is None:
        return
    hard = max(hard, group.bounds.get("boost_max_total_gb", hard), key=lambda bound: bound.value)
    if soft.value < hard.value:
        return
    remedy = "Set password_above_gb below max_total_gb here, or a larger max_total_gb."
    if soft.distance <= hard.distance:
        yield Fault(soft.path, f"is {soft.value}, which is never passed under {hard}", remedy)
    else:
        yield Fault(hard.path, f"is {hard.value}, so nothing ever passes {soft}", remedy)


def _smallest_gb(group: InheritedLevels) -> int:
    """The smallest total memory in GB; 0 if the range of memory sizes is empty."""
    sizes, replicas = group.bounds["memory_choices_gb"], group.bounds["min_replicas"]
    smallest: int = min(sizes.value, default=0) * replicas.value
    return smallest


def _format_smallest(group: InheritedLevels) -> str:
    sizes, replicas = group.bounds["memory_choices_gb"], group.bounds["min_replicas"]
    return f"{min(sizes.value)} GB ({sizes.path}) x {replicas.value} ({replicas.path})"


def _in_presets(group: InheritedLevels) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for index, preset in enumerate(group.presets):
        path = f"{group.presets_path}[{index}]"
        earlier = first.setdefault(preset.name.casefold(), f"{path}.name")
        if earlier != f"{path}.name":
            yield Fault(f"{path}.name", f"is the same as {earlier}", "Give each its own name.")
        for key, what in _outside_limits(preset, group):
            yield Fault(f"{path}.{key}", f"(“{preset.name}”) {what}", CHANGE_PRESET)


def _outside_limits(preset: PresetEntry, group: InheritedLevels) -> Iterator[tuple[str, str]]:
    sizes, may_disable = group.bounds["memory_choices_gb"], group.bounds["may_disable_idling"]
    for size_gb in dict.fromkeys(preset.memory_gb or ()):
        if size_gb not in sizes.value:
            yield "memory_gb", f"asks for {size_gb} GB, which is not in {sizes}"
    yield from _outside_range("replicas", preset.replicas, group)
    minutes = preset.idle_timeout_minutes
    if minutes:
        yield from _outside_range("idle_timeout_minutes", (minutes, minutes), group)
    if minutes == 0 and not may_disable.value:
        yield "idle_timeout_minutes", f"is {NEVER}, against {may_disable.path}, which is false"
    if preset.memory_gb and preset.replicas:
        yield from _outside_total(preset.memory_gb[1] * preset.replicas[1], group)


def _outside_range(
    name: str, ends: Range | None, group: InheritedLevels
) -> Iterator[tuple[str, str]]:
    low, high = group.bounds[f"min_{name}"], group.bounds[f"max_{name}"]
    if ends and ends[0] < low.value:
        yield name, f"is {ends[0]}, below {low}"
    if ends and ends[1] > high.value:
        yield name, f"is {ends[1]}, above {high}"


def _outside_total(total_gb: int, group: InheritedLevels) -> Iterator[tuple[str, str]]:
    max_gb, max_cost = (group.bounds.get(key) for key in ("max_total_gb", "max_cost_per_hour"))
    if max_gb and total_gb > max_gb.value:
        yield "memory_gb", f"makes {total_gb} GB with its replicas, above {max_gb}"
    cost = group.price.per_hour(total_gb) if group.price else None
    if cost and max_cost and cost > max_cost.value:
        yield "memory_gb", f"costs {cost} an hour with its replicas, above {max_cost}"


def _in_warehouse(
    warehouse: WarehouseEntry, path: str, groups: Sequence[InheritedLevels]
) -> Iterator[Fault]:
    fewest = [group.bounds["min_replicas"] for group in groups]
    together = sum(bound.value for bound in fewest)
    if warehouse.max_replicas is not None and together > warehouse.max_replicas:
        parts = ", ".join(
            f"{bound.value} for {group.path} ({bound.path})"
            for group, bound in zip(groups, fewest, strict=True)
        )
        what = f"is {warehouse.max_replicas}, below the {together} that its groups have at least"
        remedy = "Raise the one or lower the others."
        yield Fault(f"{path}.max_replicas", f"{what}: {parts}", remedy)


def _cancelled_permissions(rule: RuleEntry, path: str) -> Iterator[Fault]:
    deny = f"{path}.deny, which is {', '.join(rule.deny)}"
    for number in rule.list_cancelled():
        what = f"is {rule.permissions[number]}, and {deny}, takes it back"
        yield Fault(f"{path}.permissions[{number}]", what, CHANGE_ONE)
