"""`configs/org_config.yaml` as ClickHouse Cloud's list of services proposes it.

What stands there stays, to the letter: groups are added below the last one of their warehouse, and
warehouses below the last one.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import yaml

from app.domain.groups.catalog import Catalog
from app.domain.groups.difference import Missing, compare
from app.domain.groups.group import Service
from app.settings.org.config import parse_org_config
from app.settings.org.faults import Fault

HEAD = """\
# yaml-language-server: $schema=org_config.schema.json
# Proposed by `config init --from-cloud`; org_config.yaml_template explains every key.
portal:
  title: Compute groups
  time_zone: UTC
  # Whom people ask when something is not allowed or does not work: part of a sentence.
  contact: <the data platform team (data@example.com)>
warehouses:
"""
TEMPLATE_ID = "service_id: <id of the service in ClickHouse Cloud>"
LONGEST_KEY = 50
_PLAIN = re.compile(r"[A-Za-z][\w .()/+-]*[\w)]", re.ASCII)


class CannotAddError(Exception):
    """The file is written in a way that nothing can be put into; the text says where and what."""


@dataclass(frozen=True)
class Addition:
    """Lines to be put below a line of the file, counted from 1."""

    line: int
    lines: tuple[str, ...]


def propose(
    services: Mapping[str, Service], text: str = "", *, taken: frozenset[str] = frozenset()
) -> str:
    """The text with every service added that it does not name; without a text a whole new file.
    `taken` are keys that no new warehouse may have.

    Raises CannotAddError for a text with faults, and for one in another style.
    """
    if not text.strip():
        added = [Missing(item, None) for item in services.values()]
        return HEAD + "\n".join(_new_warehouses(added, set(), "  ")) + "\n"
    config, faults = parse_org_config(text)
    if config is None:
        raise CannotAddError(_why_unusable(text, faults[0]))
    missing = compare(config.catalog, services).missing
    lines = text.splitlines()
    additions = sorted(_additions(text, config.catalog, missing, taken), key=lambda item: item.line)
    for addition in reversed(additions):  # from below, so that the lines above keep their numbers
        lines[addition.line : addition.line] = addition.lines
    proposed = "\n".join(lines) + "\n"
    _check_kept(config.catalog, missing, proposed)
    return proposed


def _why_unusable(text: str, first: Fault) -> str:
    if TEMPLATE_ID in text:
        return "It is still the template. Move it away, so that a new file can be written."
    return f"The file has faults; correct them first: {first.path}: {first.what}. {first.remedy}"


def _check_kept(before: Catalog, missing: Sequence[Missing], proposed: str) -> None:
    """Every group is as it was, and every added one in the warehouse that it was meant for."""
    config, _ = parse_org_config(proposed)
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


def _additions(
    text: str, catalog: Catalog, missing: Sequence[Missing], taken: frozenset[str]
) -> Iterator[Addition]:
    root = yaml.compose(text, Loader=_Loader)
    listed = _child(root, "warehouses")
    keys = [item.key for item in catalog.warehouses]
    for number, warehouse in enumerate(keys):
        new = [item for item in missing if item.warehouse and item.warehouse.key == warehouse]
        if new:
            groups = _child(_item(listed, number), "groups")
            yield _below(groups, partial(_groups_of, [item.service for item in new]))
    strangers = [item for item in missing if item.warehouse is None]
    if strangers:
        yield _below(listed, partial(_new_warehouses, strangers, {*keys, *taken}))


def _child(node: yaml.Node | None, key: str) -> yaml.Node:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    found: yaml.Node | None = next((value for name, value in pairs if name.value == key), None)
    if found is None:
        raise CannotAddError(f"There is no list {key} in the file; add the groups by hand.")
    return found


def _item(node: yaml.Node, number: int) -> yaml.Node:
    if not isinstance(node, yaml.SequenceNode) or number >= len(node.value):
        raise CannotAddError("A warehouse has a file of its own; add its groups there by hand.")
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


def _new_warehouses(missing: Sequence[Missing], taken: set[str], margin: str) -> list[str]:
    by_data: dict[str, list[Service]] = {}
    for item in missing:
        data = item.service.particulars.warehouse_id or item.service.service_id
        by_data.setdefault(data, []).append(item.service)
    lines: list[str] = []
    for services in by_data.values():
        lines += _new_warehouse(services, taken, margin)
    return lines


def _new_warehouse(services: Sequence[Service], taken: set[str], margin: str) -> list[str]:
    ordered = sorted(services, key=lambda item: (not item.is_primary, item.cloud_name))
    name = _common_name(ordered)
    key = _free_key(name, taken)
    return [
        f"{margin}- key: {_scalar(key)}",
        f"{margin}  name: {_scalar(name)}",
        f"{margin}  # Nobody has access yet, so nobody can sign in. For example:",
        f"{margin}  # - clickhouse_roles: [{key}_viewer]",
        f"{margin}  #   permissions: [viewer]",
        f"{margin}  access: []",
        f"{margin}  groups:",
        *_groups_of(ordered, f"{margin}    "),
    ]


def _groups_of(services: Sequence[Service], margin: str) -> list[str]:
    lines = []
    for service in services:
        lines += [
            f"{margin}# {_about(service)}",
            f"{margin}- service_id: {service.service_id}",
            f"{margin}  name: {_scalar(service.cloud_name or service.service_id)}",
        ]
    return lines


def _about(service: Service) -> str:
    """What Cloud says of it, on one line."""
    kind = "primary" if service.is_primary else "secondary"
    tags = ", ".join(f"{key}={value}" if value else key for key, value in service.particulars.tags)
    words = [kind, "read-only" if service.is_readonly else "", service.state_label.lower()]
    words += [f"{service.provider} {service.region}".strip(), f"tags: {tags}" if tags else ""]
    return "; ".join(word for word in words if word)


def _common_name(services: Sequence[Service]) -> str:
    """The words that all names begin with, or else the first name, which is the primary's."""
    names = [service.cloud_name.split() for service in services]
    common = [words[0] for words in zip(*names, strict=False) if len(set(words)) == 1]
    is_prefix = bool(common) and all(name[: len(common)] == common for name in names)
    first = services[0].cloud_name or services[0].service_id
    return " ".join(common) if is_prefix and len(services) > 1 else first


def _free_key(name: str, taken: set[str]) -> str:
    """A key made of the name that no other warehouse has, which is then taken."""
    plain = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:LONGEST_KEY].strip("-") or "warehouse"
    key, number = plain, 1
    while key in taken:
        number += 1
        key = f"{plain}-{number}"
    taken.add(key)
    return key


def _scalar(text: str) -> str:
    """The text as YAML that reads as the same text again."""
    is_plain = _PLAIN.fullmatch(text) and yaml.safe_load(text) == text
    return text if is_plain else json.dumps(text, ensure_ascii=False)
