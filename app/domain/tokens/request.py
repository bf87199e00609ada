"""What somebody asks for who makes a token: the only rules about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.access.permissions import Permission
from app.domain.groups.scaling import whole_number
from app.domain.messages import problem
from app.domain.tokens.token import DEFAULT_DAYS, MOST_DAYS
from app.errors import BrokenRules, Problem

LONGEST_NAME = 64


@dataclass(frozen=True)
class TokenRequest:
    """A name, how long it lives in days, and its scope; `groups` are ids of services."""

    name: str
    days: int
    groups: frozenset[str]
    permissions: frozenset[Permission]
    may_confirm: bool = False


def parse_token_request(
    values: Mapping[str, Any], visible: Iterable[str], taken_names: Iterable[str]
) -> TokenRequest:
    """Judge what was typed. `visible`: the groups that the owner may see.

    Raises BrokenRules with every broken rule.
    """
    name, days = " ".join(str(values.get("name") or "").split()), values.get("days")
    groups = frozenset(values.get("groups") or ())
    permissions = [Permission(item) for item in Permission if item in _texts(values, "permissions")]
    problems = [
        *_problems_of_name(name, taken_names),
        *_problems_of_days(days),
        *_problems_of_groups(groups, frozenset(visible)),
        *_problems_of_permissions(_texts(values, "permissions"), permissions),
    ]
    if problems:
        raise BrokenRules(tuple(problems))
    number = DEFAULT_DAYS if days is None else int(days)
    may_confirm = bool(values.get("may_confirm"))
    return TokenRequest(name, number, groups, frozenset(permissions), may_confirm)


def _texts(values: Mapping[str, Any], name: str) -> Sequence[str]:
    return tuple(values.get(name) or ())


def _problems_of_name(name: str, taken: Iterable[str]) -> list[Problem]:
    if not name:
        return [problem("name", "token_name_needed")]
    if len(name) > LONGEST_NAME:
        return [problem("name", "name_too_long", most=LONGEST_NAME)]
    if not name.isprintable():
        return [problem("name", "name_control_characters")]
    return [problem("name", "token_name_taken", name=name)] if name in set(taken) else []


def _problems_of_days(days: object) -> list[Problem]:
    number = whole_number(days)
    if days is not None and (number is None or not 1 <= number <= MOST_DAYS):
        return [problem("days", "token_days_out_of_range", most=MOST_DAYS)]
    return []


def _problems_of_groups(groups: frozenset[str], visible: frozenset[str]) -> list[Problem]:
    if not groups:
        return [problem("groups", "token_groups_needed")]
    return [] if groups <= visible else [problem("groups", "token_group_unknown")]


def _problems_of_permissions(said: Sequence[str], known: Sequence[Permission]) -> list[Problem]:
    if not said or len(set(said)) != len(known):
        return [problem("permissions", "token_permissions_needed")]
    return []
