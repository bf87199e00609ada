"""Access, as a grid: people and roles down, groups across, each cell with its rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.access.matrix import Cell, Row
from app.domain.access.permissions import BUNDLES, AccessRule, Permission
from app.services.admin.access_report import AccessMatrix

Numbers = Mapping[AccessRule, int]


@dataclass(frozen=True)
class GridCell:
    """What somebody may do in a group, and the numbers of the rules that decide it; `words` are
    empty for nothing."""

    words: str
    rules: str


@dataclass(frozen=True)
class GridRow:
    """One subject in the groups of the page, in their order."""

    label: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class NumberedRule:
    """One rule as the file states it; the grid names it by its number."""

    number: int
    about: str
    says: str
    source: str


def grid_rows(matrix: AccessMatrix) -> tuple[GridRow, ...]:
    """The rows of a page of the matrix."""
    return tuple(
        GridRow(subject.label, tuple(_cell(row, matrix.numbers) for row in subject.rows))
        for subject in matrix.subjects
    )


def numbered_rules(matrix: AccessMatrix) -> tuple[NumberedRule, ...]:
    """The rules that the page names."""
    return tuple(_numbered(rule, number) for rule, number in matrix.numbers.items())


def _cell(row: Row, numbers: Numbers) -> GridCell:
    held = frozenset(cell.permission for cell in row.cells if cell.is_held)
    denied = [cell.permission for cell in row.cells if _is_denied(cell)]
    parts = [_name_of(held)] if held else []
    parts += [f"not {_in_order(denied)}"] if denied else []
    deciding = {numbers[rule] for cell in row.cells for rule in cell.rules}
    return GridCell("; ".join(parts), ", ".join(map(str, sorted(deciding))))


def _is_denied(cell: Cell) -> bool:
    return any(cell.permission in rule.denies for rule in cell.rules)


def _name_of(held: frozenset[Permission]) -> str:
    """As the file may call it: the name of a bundle, or else each permission."""
    bundles = {permissions: name for name, permissions in BUNDLES.items()}
    return bundles.get(held) or _in_order(held)


def _numbered(rule: AccessRule, number: int) -> NumberedRule:
    roles = (f"role {name}" for name in sorted(rule.clickhouse_roles))
    says = [("gives", rule.permissions), ("denies", rule.denies)]
    return NumberedRule(
        number=number,
        about=", ".join([*sorted(rule.users | rule.user_patterns), *roles]),
        says="; ".join(f"{verb} {_in_order(given)}" for verb, given in says if given),
        source=rule.source,
    )


def _in_order(given: Iterable[Permission]) -> str:
    wanted = set(given)
    return ", ".join(item.label for item in Permission if item in wanted)
