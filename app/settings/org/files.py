"""The YAML of `configs/org_config.yaml` and of the folder beside it, and its faults as text.

Each `*.yaml` of the folder `org_config.d` holds one warehouse.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from app.files import UnusableFileError, list_files, read_bounded
from app.settings.org.faults import TEMPLATE, Fault
from app.settings.org.listed import SeparateFiles, index_list

MOST_BYTES = 2 * 1024 * 1024
"""Of each file."""

_MERGE_KEY = "tag:yaml.org,2002:merge"
_WHOLE_FILE = "the file"
NOT_UNDERSTOOD = Fault(
    _WHOLE_FILE,
    "cannot be understood",
    "Correct what was added last: a date that does not exist, a tag with two exclamation marks.",
)


def read_files(path: Path) -> tuple[object, list[Fault]]:
    """The content of the file at `path` with the warehouses of the folder beside it in it."""
    content, faults = _read_file(path)
    if content is None:
        return None, faults
    parts, found = read_parts(path)
    return add_parts(content, parts), faults + found


def read_parts(path: Path) -> tuple[dict[str, object], list[Fault]]:
    """The warehouses of the folder beside the file at `path`, by the names of their files."""
    parts: dict[str, object] = {}
    faults: list[Fault] = []
    for part in list_files(path)[1:]:
        warehouse, found = _read_part(part)
        faults += [Fault(f"warehouses[{part.name}]: {item.path}", *item[1:]) for item in found]
        if warehouse is not None:
            parts[part.name] = warehouse
    return parts, faults


def _read_part(path: Path) -> tuple[object, list[Fault]]:
    if path.suffix.lower() in {".yaml", ".yml"} and path.suffix != ".yaml":
        remedy = f"Name it {path.stem}.yaml, or move it to another folder."
        return None, [Fault(_WHOLE_FILE, f"is named {path.suffix}", remedy)]
    return _read_file(path)


def add_parts(content: object, parts: Mapping[str, object]) -> object:
    """The content with these warehouses after its own. What has a fault of its own, as what is no
    set of keys or no list of warehouses, stays as it is.
    """
    if not parts or not isinstance(content, dict):
        return content
    own = content.get("warehouses")
    listed = index_list([] if own is None else own)
    if not isinstance(listed, dict) or isinstance(own, dict):
        return content
    return {**content, "warehouses": SeparateFiles({**listed, **parts})}


def read_text(text: str) -> tuple[object, list[Fault]]:
    """The content of the text, and its faults; None without any is an empty text."""
    content, faults = _read_yaml(text)
    if content is None and not faults:
        faults = [Fault(_WHOLE_FILE, "is empty", f"Fill it in as {TEMPLATE} shows.")]
    return content, faults


def _read_file(path: Path) -> tuple[object, list[Fault]]:
    try:
        text = read_bounded(path, MOST_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        remedy = f"Copy {TEMPLATE} to it and fill it in."
        return None, [Fault(_WHOLE_FILE, "is missing", remedy)]
    except UnusableFileError as error:
        remedy = "Put an ordinary file of at most 2 MiB there."
        return None, [Fault(_WHOLE_FILE, str(error), remedy)]
    except (OSError, ValueError):
        remedy = "Check that the portal's user may read it and that it is UTF-8."
        return None, [Fault(_WHOLE_FILE, "cannot be read as text", remedy)]
    return read_text(text)


_MISTAKES = {
    "expected <block end>": (
        "does not begin where the lines that it belongs to begin",
        "Indent it with as many blanks as they have.",
    ),
    "mapping values are not allowed": (
        "has a colon where none can stand",
        "Put the text in quotes if the colon belongs to it, or indent the line as its neighbours.",
    ),
    "'\\t' that cannot start": ("holds a tab", "Indent with blanks alone."),
}
"""A part of what the reader says of a common mistake -> what is wrong, and the remedy."""


class _Loader(yaml.SafeLoader):
    """The safe loader; it also collects keys that stand twice in one mapping."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeated: list[Fault] = []

    def compose_mapping_node(
        self,
        anchor: Any,  # noqa: ANN401 - the stubs say another type than yaml gives
    ) -> yaml.MappingNode:
        # Before anything is merged in, which writes what another mapping has into this node.
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == _MERGE_KEY or not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                what = f"the key {key.value!r} stands twice in one place"
                self.repeated.append(Fault(_format_mark(key.start_mark), what, "Keep one of them."))
            seen.add(key.value)
        return node


def _read_yaml(text: str) -> tuple[object, list[Fault]]:
    """The content of the text and its repeated keys; None and one fault if it is not YAML."""
    try:
        loader = _Loader(text)
        return loader.get_single_data(), loader.repeated
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Fault(_format_mark(mark), *_explain(error.problem or "this is not YAML"))]
    except yaml.YAMLError:  # unusable characters
        return None, [Fault(_WHOLE_FILE, "is not YAML", "Save it as UTF-8 text in YAML.")]
    except Exception:  # noqa: BLE001 - the reader raises anything for a tag that does not fit
        return None, [NOT_UNDERSTOOD]


def _explain(problem: str) -> tuple[str, str]:
    for sign, explained in _MISTAKES.items():
        if sign in problem:
            return explained
    return problem, "Correct the YAML there."


def _format_mark(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else _WHOLE_FILE
