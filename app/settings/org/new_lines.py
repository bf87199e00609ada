"""The lines of new groups and warehouses, as ClickHouse Cloud's list of services proposes them.

Whatever names and tags are at Cloud, the lines can be read.
"""

import json
import re
from collections.abc import Sequence

import yaml

from app.domain.groups.difference import Missing
from app.domain.groups.group import Service
from app.settings.environment.parsers import is_placeholder
from app.settings.org.values import LONGEST_LINE

LONGEST_KEY = 50
_PLAIN = re.compile(r"[A-Za-z][\w .()/+-]*[\w)]", re.ASCII)


def lines_of_warehouses(missing: Sequence[Missing], taken: set[str], margin: str) -> list[str]:
    """A new warehouse for the services of each; none gets one of the `taken` keys, which grow."""
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
        *lines_of_groups(ordered, f"{margin}    "),
    ]


def lines_of_groups(services: Sequence[Service], margin: str) -> list[str]:
    """A group for each service, with what Cloud says of it as a comment."""
    lines = []
    for service in services:
        lines += [
            f"{margin}# {_about(service)}",
            f"{margin}- service_id: {service.service_id}",
            f"{margin}  name: {_scalar(_name_of(service))}",
        ]
    return lines


def _about(service: Service) -> str:
    """What Cloud says of it."""
    kind = "primary" if service.is_primary else "secondary"
    tags = ", ".join(f"{key}={value}" if value else key for key, value in service.particulars.tags)
    words = [kind, "read-only" if service.is_readonly else "", service.state_label.lower()]
    words += [f"{service.provider} {service.region}".strip(), f"tags: {tags}" if tags else ""]
    return _on_one_line("; ".join(word for word in words if word))


def _name_of(service: Service) -> str:
    """Its name as near as the file may have it, or its id."""
    name = _on_one_line(service.cloud_name)
    if is_placeholder(name):
        name = name.replace("<", "(").replace(">", ")")
    return name[:LONGEST_LINE].strip() or service.service_id


def _on_one_line(text: str) -> str:
    return "".join(mark if mark.isprintable() else " " for mark in text).strip()


def _common_name(services: Sequence[Service]) -> str:
    """The words that all names begin with, or else the first name, which is the primary's."""
    names = [_name_of(service).split() for service in services]
    common = [words[0] for words in zip(*names, strict=False) if len(set(words)) == 1]
    is_prefix = bool(common) and all(name[: len(common)] == common for name in names)
    return " ".join(common) if is_prefix and len(services) > 1 else _name_of(services[0])


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
    is_plain = _PLAIN.fullmatch(text) and yaml.load(text, Loader=yaml.SafeLoader) == text
    return text if is_plain else json.dumps(text, ensure_ascii=False)
