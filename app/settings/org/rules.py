"""`access` and `people` of `configs/org_config.yaml`: who may do what, and groups of users."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from app.domain.access.permissions import BUNDLES, AccessRule, Permission
from app.settings.org.faults import Entry, Fault, explain_unknown, refusal
from app.settings.org.values import RoleName, Slug, UserName, UserPattern

PERMISSIONS = {permission.value: frozenset({permission}) for permission in Permission} | BUNDLES
"""The names of permissions and bundles, each with the permissions that it stands for."""


def expand_permissions(words: Iterable[str]) -> frozenset[Permission]:
    """The permissions that these names of permissions and bundles stand for together."""
    return frozenset().union(*(PERMISSIONS[word] for word in words))


def _check_permission(word: str) -> str:
    if word not in PERMISSIONS:
        raise refusal("is not a known permission", f"Write one of {', '.join(PERMISSIONS)}.")
    return word


PermissionName = Annotated[
    str,
    AfterValidator(_check_permission),
    Field(json_schema_extra={"enum": list(PERMISSIONS)}),
]


class PeopleEntry(Entry):
    """An item of `people`: users who belong together, by name and by pattern of names."""

    users: list[UserName] = Field(default=[])
    user_patterns: list[UserPattern] = Field(default=[])

    @model_validator(mode="after")
    def _require_somebody(self) -> Self:
        if not self.users and not self.user_patterns:
            raise refusal("has neither users nor user_patterns", "Name a user, or drop it.")
        return self


People = Mapping[str, PeopleEntry]
"""The groups of users by name."""


class RuleEntry(Entry):
    """An item of `access`: permissions and denials for users and for holders of roles."""

    users: list[UserName] = Field(default=[])
    user_patterns: list[UserPattern] = Field(default=[])
    people: list[Slug] = Field(default=[])
    clickhouse_roles: list[RoleName] = Field(default=[], validate_default=True)
    permissions: list[PermissionName] = Field(default=[], min_length=1)
    deny: list[PermissionName] = Field(default=[], min_length=1)

    @field_validator("clickhouse_roles")
    @classmethod
    def _require_somebody(cls, roles: list[str], info: ValidationInfo) -> list[str]:
        others = [info.data.get(key) for key in ("users", "user_patterns", "people")]
        if not roles and others == [[], [], []]:
            what = "and users, user_patterns and people are all empty"
            raise refusal(what, "Name a user or a role, or drop the rule.")
        return roles

    @model_validator(mode="after")
    def _require_an_effect(self) -> Self:
        if not self.permissions and not self.deny:
            raise refusal(
                "has neither permissions nor deny", "Say what is allowed or denied, or drop it."
            )
        return self

    def list_cancelled(self) -> list[int]:
        """Indexes of the permissions of which the rule's own `deny` leaves nothing."""
        denied = expand_permissions(self.deny)
        return [
            index
            for index, word in enumerate(self.permissions)
            if Permission.VIEW in denied or expand_permissions([word]) <= denied
        ]

    def list_unknown_people(self, path: str, people: People) -> Iterator[Fault]:
        """One fault for each name that `people` of the file does not have."""
        for index, name in enumerate(self.people):
            if name not in people:
                yield explain_unknown(f"{path}.people[{index}]", name, "people", people)

    def to_rule(self, path: str, people: People) -> AccessRule:
        """The rule as the domain's object, with its path in the file as the source."""
        named = [people[name] for name in self.people if name in people]
        return AccessRule(
            users=frozenset(self.users).union(*(entry.users for entry in named)),
            user_patterns=frozenset(self.user_patterns).union(
                *(entry.user_patterns for entry in named)
            ),
            clickhouse_roles=frozenset(self.clickhouse_roles),
            permissions=expand_permissions(self.permissions),
            denied=expand_permissions(self.deny),
            source=path,
        )


def by_path(entries: Sequence[RuleEntry], path: str) -> dict[str, RuleEntry]:
    """The rules of the entry at `path`, by their own paths."""
    return {f"{path}.access[{index}]": entry for index, entry in enumerate(entries)}


def to_rules(entries: Sequence[RuleEntry], path: str, people: People) -> tuple[AccessRule, ...]:
    """The rules of the entry at `path` as the domain's objects."""
    return tuple(entry.to_rule(place, people) for place, entry in by_path(entries, path).items())
