"""Copies of the audit log as text, to be read by programs and by people with a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.domain.audit.events import canonical, plain

COLUMNS: dict[str, tuple[str, ...]] = {
    "seq": ("seq",),
    "time": ("time",),
    "kind": ("kind",),
    "action": ("action",),
    "result": ("result",),
    "error": ("error",),
    "warehouse": ("actor", "warehouse"),
    "user": ("actor", "user"),
    "method": ("actor", "method"),
    "door": ("source", "door"),
    "address": ("source", "address"),
    "forwarded_for": ("source", "forwarded_for"),
    "user_agent": ("source", "user_agent"),
    "request_id": ("source", "request_id"),
    "session": ("source", "session"),
    "service_id": ("object", "service_id"),
    "group": ("object", "group"),
    "change": ("object", "reference"),
    "reason": ("details", "reason"),
    "details": ("details",),
    "version": ("app", "version"),
    "host": ("app", "host"),
    "prev_hash": ("prev_hash",),
    "hash": ("hash",),
}
"""Column of the table -> where it stands in an event."""

UNSEEN_MARKS = ("\t", "\0", "\r", "\n")
"""What some spreadsheet programs skip at the beginning of a cell."""

FORMULA = re.compile(r"((?:\A|[;,|\t\r\n\0])[\s\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a formula could begin: at the start of a cell, and after every mark that a spreadsheet
program may take for the end of one, whatever the table itself is parted by. Blanks and quotation
marks in between are dropped by such programs."""


def as_jsonl(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One event per line, in canonical JSON."""
    return (f"{canonical(line)}\n" for line in lines)


def as_csv(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A table with a heading; no cell can be taken for a formula."""
    yield _row(COLUMNS)
    for line in lines:
        yield _row(_harmless(_cell(line, where)) for where in COLUMNS.values())


FORMATS = {"csv": (as_csv, "text/csv"), "jsonl": (as_jsonl, "application/jsonl")}
"""Name of a format -> what writes it, and its media type."""


def _cell(line: Mapping[str, Any], where: tuple[str, ...]) -> str:
    value: Any = line
    for name in where:
        value = value.get(name, "")
    return canonical(value) if isinstance(value, dict) else str(value)


def _harmless(cell: str) -> str:
    defused = FORMULA.sub(r"\1'", cell)
    # Marks that do not print are written out, so that an event never takes more than its line.
    shown = "".join(mark if mark.isprintable() else plain(mark) for mark in defused)
    return f"'{shown}" if cell.startswith(UNSEEN_MARKS) else shown


def _row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow(cells)
    return text.getvalue()
