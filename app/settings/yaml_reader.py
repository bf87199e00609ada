"""YAML as `yaml.safe_load` reads it, except that a key given twice is a fault, not a surprise."""

from collections.abc import Hashable
from typing import Any

import yaml

Fault = tuple[str, str, str]
"""Key or place, what is wrong, and the remedy."""

_MERGE_KEY = "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):
    """The safe loader, collecting keys that stand twice in one mapping."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[Fault] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == _MERGE_KEY or not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                what = f"the key {key.value!r} stands twice in one place"
                self.repeated.append((_place(key.start_mark), what, "Keep one of them."))
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(text: str) -> tuple[object, list[Fault]]:
    """What the text holds, and its faults. After a fault of syntax, what it holds is None."""
    try:
        loader = _Loader(text)
        return loader.get_single_data(), loader.repeated
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or "this is not YAML"
        return None, [(_place(mark), what, "Correct the YAML there.")]
    except (yaml.YAMLError, ValueError, RecursionError):  # unusable characters, an impossible date
        return None, [("the file", "is not YAML", "Save it as UTF-8 text in YAML.")]


def _place(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
