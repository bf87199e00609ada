"""What the search for somebody's permissions shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.access.matrix import Cell, Subject, together
from app.domain.access.permissions import Permission
from app.domain.groups.catalog import GroupDefinition, WarehouseDefinition
from app.domain.paging import PageOf, page_of
from app.services.admin.access_report import Found

ANSWERS_ON_A_PAGE = 20


@dataclass(frozen=True)
class Answer:
    """The groups of a warehouse in which the very same holds by the very same rules."""

    warehouse: WarehouseDefinition
    groups: tuple[GroupDefinition, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Answers:
    """All about somebody: one line for each warehouse, and the answers one by one."""

    gists: tuple[tuple[str, str], ...]
    page: PageOf[Answer]


def build_answers(found: Iterable[Found], page: str) -> Answers:
    """What was found, a page of it at a time."""
    known = tuple(found)
    answers = [
        Answer(item.warehouse, groups, cells)
        for item in known
        for groups, cells in together(item.subject.rows)
    ]
    gists = tuple((item.warehouse.name, summarise(item.subject)) for item in known)
    return Answers(gists, page_of(answers, page, ANSWERS_ON_A_PAGE))


def summarise(subject: Subject) -> str:
    """All that somebody may do somewhere: “view in all 5 groups; scale in 2 of 5 groups”."""
    held = Counter(cell.permission for row in subject.rows for cell in row.cells if cell.is_held)
    by_count: dict[int, list[str]] = {}
    for permission in Permission:
        if held[permission]:
            by_count.setdefault(held[permission], []).append(permission.label)
    parts = [
        f"{', '.join(names)} {_places(count, len(subject.rows))}"
        for count, names in by_count.items()
    ]
    return "; ".join(parts) or "nothing"


def _places(count: int, total: int) -> str:
    if count < total:
        return f"in {count} of {total} groups"
    return f"in all {total} groups" if total > 1 else "in the one group"
