"""The part of the page of all groups that changes by itself, drawn row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from flask import get_template_attribute, render_template

from app.domain.groups.group import ComputeGroup
from app.web.groups.filtering import GroupFilter, WarehouseSection
from app.web.groups.index_page import GroupRow, IndexPage
from app.web.groups.ordering import COLUMNS

PLACE_OF_ROWS = "\x1e"
"""A mark that no text of a page has."""


@dataclass(frozen=True)
class SectionPart:
    """One warehouse: what stands before its rows, the rows by service, what stands after them."""

    opening: str
    rows: Mapping[str, str]
    closing: str

    @property
    def html(self) -> str:
        """All of it."""
        return "".join((self.opening, *self.rows.values(), self.closing))

    def since(self, earlier: "SectionPart") -> str:
        """With the rows that differ alone; empty if nothing does."""
        rows = [html for key, html in self.rows.items() if earlier.rows[key] != html]
        if not rows and self.opening == earlier.opening:
            return ""
        return "".join((self.opening, *rows, self.closing))


@dataclass(frozen=True)
class IndexPart:
    """What is shown of the groups that somebody looks for.

    `total` is how many there are whatever is looked for; `warehouses` are those to choose from.
    """

    wanted: GroupFilter
    total: int
    warehouses: Sequence[tuple[str, str]]
    head: str
    sections: tuple[SectionPart, ...]
    foot: str

    @property
    def html(self) -> str:
        """All of it."""
        return "".join((self.head, *(section.html for section in self.sections), self.foot))

    @property
    def size(self) -> int:
        """Its characters."""
        return len(self.html)

    def since(self, earlier: Self) -> str | None:
        """The rows that differ, if there are the same rows in the same order; otherwise None."""
        if self._keys != earlier._keys:
            return None
        pairs = zip(self.sections, earlier.sections, strict=True)
        changed = "".join(section.since(was) for section, was in pairs)
        return f"{self.head}{changed}{self.foot}"

    @property
    def _keys(self) -> list[list[str]]:
        return [list(section.rows) for section in self.sections]


class Rows:
    """Draws the row of a group, once as long as nothing in it changes. Safe to share by threads.

    Rows of people with other permissions or favourites are others.
    """

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, frozenset[str], bool], tuple[GroupRow, str]] = {}

    def draw(self, page: IndexPage, groups: Iterable[ComputeGroup]) -> dict[str, str]:
        """The rows of some of the page's groups, by service."""
        macro = get_template_attribute("groups/_row.html", "group_row")
        return {group.service_id: self._draw(page.row_of(group), macro) for group in groups}

    def _draw(self, row: GroupRow, macro: object) -> str:
        key = (row.group.service_id, row.group.permissions, row.is_favourite)
        known = self._drawn.get(key)
        if known is None or known[0] != row:
            html = str(macro(row))  # type: ignore[operator] # a macro of Jinja's
            known = self._drawn[key] = (row, html)
        return known[1]


def draw_index(page: IndexPage, rows: Rows) -> IndexPart:
    """Draw it."""
    head = render_template("groups/_index.html", page=page)
    foot = render_template("groups/_pages.html", page=page) if page.pages else ""
    sections = tuple(_draw_section(item, rows, page) for item in page.sections)
    return IndexPart(page.wanted, page.counts.total(), page.warehouses, head, sections, foot)


def _draw_section(section: WarehouseSection, rows: Rows, page: IndexPage) -> SectionPart:
    frame = render_template(
        "groups/_section.html", section=section, page=page, columns=COLUMNS, rows=PLACE_OF_ROWS
    )
    opening, closing = frame.rsplit(PLACE_OF_ROWS, 1)
    return SectionPart(opening, rows.draw(page, section.found), closing)
