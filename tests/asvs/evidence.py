"""Which tests prove which requirement: read from comments such as `# ASVS 3.3.1 to 3.3.4, 7.2.1`.

A comment belongs to the test that it stands in or directly above.
"""

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_ID = r"\d+\.\d+\.\d+"
_IDS = re.compile(rf"ASVS ({_ID}(?:(?:, | and | to ){_ID})*)")


class NoTestHereError(ValueError):
    """A comment that belongs to no test."""


@dataclass(frozen=True)
class Named:
    """An id in a comment."""

    key: str
    line: int


def read_evidence() -> dict[str, set[str]]:
    """Ids to the tests that prove them, as pytest names tests. Raises NoTestHereError."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        for named in ids_in(text):
            found[named.key].add(f"{name}::{_test_at(text, named.line, name)}")
    return dict(found)


def ids_in(text: str) -> Iterator[Named]:
    """Every id that a comment of this program text names."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and (match := _IDS.search(token.string)):
            for key in _expand(match[1]):
                yield Named(key, token.start[0])


def _expand(text: str) -> Iterator[str]:
    for part in re.split(", | and ", text):
        first, _, last = part.partition(" to ")
        head, _, number = first.rpartition(".")
        end = last.rpartition(".")[2] or number
        yield from (f"{head}.{item}" for item in range(int(number), int(end) + 1))


def _test_at(text: str, line: int, name: str) -> str:
    """The test around this line, or the first thing below it, which must be a test."""
    for node in ast.parse(text).body:
        first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])
        if (node.end_lineno or first) < line:
            continue
        is_above = first > line and not _has_code(text, line, first)
        is_test = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if is_test and (first <= line or is_above):
            return str(getattr(node, "name", ""))
        break
    raise NoTestHereError(f"{name}:{line}: no test stands here")


def _has_code(text: str, above: int, below: int) -> bool:
    between = text.splitlines()[above : below - 1]
    return any(line.strip() and not line.lstrip().startswith("#") for line in between)
