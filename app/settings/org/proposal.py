"""`configs/org_config.yaml` as ClickHouse Cloud's list of services proposes it.

What stands there stays, to the letter: groups are added below the last one of their warehouse, and
warehouses below the last one. Files of the folder beside it are read and never written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import yaml

from app.domain.groups.catalog import Catalog
from app.domain.groups.difference import Missing, compare
from app.domain.groups.group import Service
from app.settings.org.config import NO_PARTS, OrgConfig, parse_org_config
from app.settings.org.faults import Fault
from app.settings.org.new_lines import lines_of_groups, lines_of_warehouses

HEAD = """\
# yaml-language-server: $schema=org_config.schema.json
# Proposed by `config init --from-cloud`; org_config.yaml_template explains every key.
portal:
  title: Compute groups
  time_zone: UTC
  # Whom people ask when something is not allowed or does not work: part of a sentence.
  contact: <the data platform team (data@example.com)>
"""
BARE = "portal: {}"
"""A file that says nothing, to read the folder beside it."""
TEMPLATE_ID = "service_id: <id of the service in ClickHouse Cloud>"


class CannotAddError(Exception):
    """The file is written in a way that nothing can be put into; the text says where and what."""


@dataclass(frozen=True)
class Addition:
    """Lines to be put below a line of the file, counted from 1."""

    line: int
    lines: tuple[str, ...]


def propose(
    services: Mapping[str, Service], text: str = "", parts: Mapping[str, object] = NO_PARTS
) -> str:
    """The text with every service added that neither it nor one of the `parts` names, which are the
    warehouses in the folder beside it, by file; without a text a whole new one.

    Raises CannotAddError for a text with faults, for one in another style, and for services that
    belong into one of the parts.
    """
    catalog = _read(text, parts)
    missing = compare(catalog, services).missing
    _refuse_for_parts(missing, parts)
    if not text.strip():
        return _new_text(missing, catalog)
    if not missing:
        return text
    proposed = _put_in(text, _additions(text, catalog, missing))
    _check_kept(catalog, missing, parse_org_config(proposed, parts)[0])
    return proposed


def _read(text: str, parts: Mapping[str, object]) -> Catalog:
    if not text.strip() and not parts:
        return Catalog(())
    config, faults = parse_org_config(text if text.strip() else BARE, parts)
    if config is None:
        raise CannotAddError(_why_unusable(text, faults[0]))
    return config.catalog


def _refuse_for_parts(missing: Sequence[Missing], parts: Mapping[str, object]) -> None:
    files = {item["key"]: name for name, item in parts.items() if isinstance(item, dict)}
    told = [
        f"{item.service.cloud_name} ({item.service.service_id}) to {files[item.warehouse.key]}"
        for item in missing
        if item.warehouse and item.warehouse.key in files
    ]
    if told:
        raise CannotAddError(f"Add by hand, in the folder beside it: {'; '.join(told)}.")


def _new_text(missing: Sequence[Missing], catalog: Catalog) -> str:
    if not missing and not catalog.warehouses:
        raise CannotAddError("The key sees no service at ClickHouse Cloud. Give it access first.")
    taken = {item.key for item in catalog.warehouses}
    listed = ["warehouses:", *lines_of_warehouses(missing, taken, "  ")] if missing else []
    return HEAD + "".join(f"{line}\n" for line in listed)


def _put_in(text: str, additions: Iterable[Addition]) -> str:
    """The text with the additions, their lines ending as its own do."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = (text if text.endswith("\n") else text + end).splitlines(keepends=True)
    ordered = sorted(additions, key=lambda item: item.line)
    for addition in reversed(ordered):  # from below, so that the lines above keep their numbers
        lines[addition.line : addition.line] = [line + end for line in addition.lines]
    return "".join(lines)


def _why_unusable(text: str, first: Fault) -> str:
    if TEMPLATE_ID in text:
        return "It is still the template. Move it away, so that a new file can be written."
    return f"The file has faults; correct them first: {first.path}: {first.what}. {first.remedy}"


def _check_kept(before: Catalog, missing: Sequence[Missing], config: OrgConfig | None) -> None:
    """Every group is as it was, and every added one in the warehouse that it was meant for."""
    groups = config.catalog.all_groups() if config else ()
    old = {item.key for item in before.warehouses}
    homes = {item.service_id: item.warehouse for item in groups if item.warehouse in old}
    meant = {item.service.service_id: item.warehouse.key for item in missing if item.warehouse}
    meant |= {item.service_id: item.warehouse for item in before.all_groups()}
    if homes != meant or not all(group in groups for group in before.all_groups()):
        raise CannotAddError("Something else in the file would change; add the groups by hand.")


class _Loader(yaml.SafeLoader):
    """The safe loader; an alias stands in its own place, not in that of its anchor."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        is_alias = self.check_event(yaml.AliasEvent)
        alias = self.peek_event() if is_alias else None  # type: ignore[no-untyped-call]
        node = super().compose_node(parent, index)
        return yaml.ScalarNode("", "", alias.start_mark, alias.end_mark) if alias else node


def _additions(text: str, catalog: Catalog, missing: Sequence[Missing]) -> Iterator[Addition]:
    root = yaml.compose(text, Loader=_Loader)
    listed = _find_child(root, "warehouses")
    keys = [item.key for item in catalog.warehouses]
    for number, warehouse in enumerate(keys):
        new = [item for item in missing if item.warehouse and item.warehouse.key == warehouse]
        if new:
            groups = _child(_item(listed, number), "groups")
            yield _below(groups, partial(lines_of_groups, [item.service for item in new]))
    strangers = [item for item in missing if item.warehouse is None]
    if strangers:
        make = partial(lines_of_warehouses, strangers, set(keys))
        yield _below(listed, make) if listed else _at_the_end(root, make)


def _find_child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _child(node: yaml.Node, key: str) -> yaml.Node:
    found = _find_child(node, key)
    if found is None:
        raise CannotAddError(f"There is no list {key} in the file; add the groups by hand.")
    return found


def _at_the_end(root: yaml.Node | None, make: Callable[[str], list[str]]) -> Addition:
    """A list of warehouses for a file without one, as where all have files of their own."""
    if not isinstance(root, yaml.MappingNode) or root.flow_style or root.start_mark.column:
        raise CannotAddError("It is not one key a line, from the first column; add to it by hand.")
    return Addition(_last_line(root), ("warehouses:", *make("  ")))


def _item(node: yaml.Node | None, number: int) -> yaml.Node:
    if not isinstance(node, yaml.SequenceNode) or number >= len(node.value):
        raise CannotAddError("Its warehouses are no list of their own; add the groups by hand.")
    found: yaml.Node = node.value[number]
    return found


def _below(node: yaml.Node, make: Callable[[str], list[str]]) -> Addition:
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        place = f"line {node.start_mark.line + 1}"
        raise CannotAddError(f"The list in {place} is not one item a line; add to it by hand.")
    margin = " " * node.start_mark.column
    return Addition(_last_line(node), tuple(make(margin)))


def _last_line(node: yaml.Node) -> int:
    """The last line with something of the node in it, counted from 1."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    end = node.end_mark
    return end.line + 1 if end.column else end.line
