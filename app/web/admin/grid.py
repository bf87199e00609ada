"""Access, as a grid: people and roles down, groups across, each cell with its rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.access.matrix import Cell, Subject, all_rules
from app.domain.access.permissions import AccessRule, Permission
from app.domain.groups.catalog import WarehouseDefinition

Numbers = Mapping[AccessRule, int]


@dataclass(frozen=True)
class Part:
    """Some permissions, held or denied, that come from the same rules, by their numbers."""

    words: str
    is_held: bool
    rules: str


@dataclass(frozen=True)
class GridRow:
    """One subject, with the parts of each group's cell; a cell without any is “nothing”."""

    label: str
    cells: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class NumberedRule:
    """One rule as the file states it; the grid names it by its number."""

    number: int
    about: str
    says: str
    source: str


@dataclass(frozen=True)
class Grid:
    """One warehouse. Its columns are the warehouse's groups, in their order."""

    rows: tuple[GridRow, ...]
    rules: tuple[NumberedRule, ...]


def build_grid(warehouse: WarehouseDefinition, subjects: Iterable[Subject]) -> Grid:
    """The grid of a warehouse's subjects."""
    numbers = {rule: number for number, rule in enumerate(all_rules(warehouse), start=1)}
    rows = (
        GridRow(item.label, tuple(_parts(row.cells, numbers) for row in item.rows))
        for item in subjects
    )
    rules = (_numbered(rule, number) for rule, number in numbers.items())
    return Grid(tuple(rows), tuple(rules))


def _parts(cells: Iterable[Cell], numbers: Numbers) -> tuple[Part, ...]:
    """Held and denied permissions, put together where the same rules decide."""
    found: dict[tuple[bool, tuple[AccessRule, ...]], list[Permission]] = {}
    for cell in cells:
        is_denied = any(cell.permission in rule.denies for rule in cell.rules)
        if cell.is_held or is_denied:
            found.setdefault((cell.is_held, cell.rules), []).append(cell.permission)
    return tuple(
        Part(
            _words(names, is_held=is_held), is_held, ", ".join(str(numbers[rule]) for rule in rules)
        )
        for (is_held, rules), names in found.items()
    )


def _words(permissions: Iterable[Permission], *, is_held: bool) -> str:
    text = ", ".join(item.label for item in permissions)
    return text if is_held else f"not {text}"


def _numbered(rule: AccessRule, number: int) -> NumberedRule:
    roles = (f"role {name}" for name in sorted(rule.clickhouse_roles))
    says = [("gives", rule.permissions), ("denies", rule.denies)]
    return NumberedRule(
        number=number,
        about=", ".join([*sorted(rule.users | rule.user_patterns), *roles]),
        says="; ".join(f"{verb} {_in_order(given)}" for verb, given in says if given),
        source=rule.source,
    )


def _in_order(given: frozenset[Permission]) -> str:
    return ", ".join(item.label for item in Permission if item in given)
