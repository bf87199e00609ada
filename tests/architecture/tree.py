"""The project's files and syntax trees, read once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
TEMPLATES = ROOT / "templates"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of app/ by its path below the project, parsed."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(APP.rglob("*.py"))
    }


@cache
def templates() -> dict[str, str]:
    """Every template by its name, as text."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*.html"))
    }


def imported(tree: ast.Module) -> Iterator[str]:
    """The dotted names of everything that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{item.name}" for item in node.names)


def importers_of(*names: str) -> set[str]:
    """The modules that import one of these modules or anything in it."""
    return {
        path
        for path, tree in modules().items()
        for dotted in imported(tree)
        if any(dotted == name or dotted.startswith(f"{name}.") for name in names)
    }
