"""The documents for programmers name modules and folders that exist."""

import re

import pytest

from tests.architecture.tree import APP, ROOT

PATH = re.compile(r"`((?:[a-z_]+/)+[\w.]*)`")
"""Folders and files, below the project or below app/; patterns with marks are left out."""


@pytest.mark.parametrize("name", ["architecture.md", "contributing.md"])
def test_every_path_that_is_named_exists(name: str) -> None:
    named = set(PATH.findall((ROOT / "docs" / name).read_text(encoding="utf-8")))
    assert len(named) > 20
    assert {path for path in named if not _exists(path)} == set()


def _exists(path: str) -> bool:
    # The map of rooms names them below their layer; a template may be named without its ending.
    layers = (ROOT, APP, ROOT / "templates", *(item for item in APP.iterdir() if item.is_dir()))
    return any((layer / f"{path}{ending}").exists() for layer in layers for ending in ("", ".html"))
