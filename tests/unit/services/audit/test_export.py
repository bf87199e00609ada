"""Copies as tables: whatever a spreadsheet program takes for a separator, no cell is a formula."""

import csv
import io
import re
from typing import Any

import pytest

from app.services.audit.export import COLUMNS, as_csv


def line(reason: str) -> dict[str, Any]:
    """An event with this reason and nothing else of interest."""
    parts: dict[str, Any] = {name: {} for name in ("actor", "source", "object", "app")}
    return {"seq": 1, **parts, "details": {"reason": reason}}


def shown(reason: str) -> str:
    """What stands in the table in the place of the reason."""
    (row,) = csv.DictReader(io.StringIO("".join(as_csv([line(reason)]))))
    assert list(row) == list(COLUMNS)
    return row["reason"]


# ASVS 1.2.10
@pytest.mark.parametrize(
    ("reason", "harmless"),
    [
        ("=1+1", "'=1+1"),
        ("x;=1+1;", "x;'=1+1;"),
        ("x,@SUM(1)", "x,'@SUM(1)"),
        ("a;b; -2", "a;b; '-2"),
        ('x;"=1+1"', 'x;"\'=1+1"'),
        (" =1", " '=1"),
        ("x\t+1", "x\\t'+1"),
        ("x\n=1", "x\\n'=1"),
        ("x;\uff1d1", "x;'\uff1d1"),
        ("=1;=2,=3", "'=1;'=2,'=3"),
        ("\tx", "'\\tx"),
    ],
)
def test_a_formula_is_text_behind_every_separator(reason: str, harmless: str) -> None:
    assert shown(reason) == harmless


@pytest.mark.parametrize("reason", ["a = b; c", "2-1", "x; y, z", "a@b.test", "50%; more"])
def test_ordinary_words_stay_as_they_are(reason: str) -> None:
    assert shown(reason) == reason


# ASVS 1.2.10
@pytest.mark.parametrize("separator", ";,\t")
def test_no_cell_of_the_whole_table_is_a_formula_read_with_another_separator(
    separator: str,
) -> None:
    text = "".join(as_csv([line('x;=1+1;"=2",=3\t=4\n=5')]))
    for row in text.splitlines():
        for cell in row.split(separator):
            assert not re.match(r"[\s\"]*[=+@-]", cell), cell
