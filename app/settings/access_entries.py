"""An item of `access` in `configs/org_config.yaml`, and the words for permissions in it."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from app.domain.access.permissions import BUNDLES, AccessRule, Permission
from app.settings.entry_types import Entry, Name, refusal

_WORDS = {permission.value: frozenset({permission}) for permission in Permission} | BUNDLES


def meaning_of(words: Iterable[str]) -> frozenset[Permission]:
    """The permissions that single ones and bundles stand for together."""
    return frozenset().union(*(_WORDS[word] for word in words))


def _known(word: str) -> str:
    if word not in _WORDS:
        raise refusal("is not a known permission", f"Write one of {', '.join(_WORDS)}.")
    return word


Word = Annotated[str, AfterValidator(_known)]


class RuleEntry(Entry):
    """These users, and everybody with one of these roles, may do this or must not."""

    users: list[Name] = Field(default=[])
    clickhouse_roles: list[Name] = Field(default=[], validate_default=True)
    permissions: list[Word] = Field(default=[], min_length=1)
    deny: list[Word] = Field(default=[], min_length=1)

    @field_validator("clickhouse_roles")
    @classmethod
    def _speaks_of_somebody(cls, roles: list[str], info: ValidationInfo) -> list[str]:
        if not roles and info.data.get("users") == []:
            raise refusal("and users are both empty", "Name a user or a role, or drop the rule.")
        return roles

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.permissions and not self.deny:
            raise refusal(
                "has neither permissions nor deny", "Say what is allowed or denied, or drop it."
            )
        return self

    def taken_back(self) -> list[int]:
        """The places of the permissions of which the rule's own `deny` leaves nothing."""
        denied = meaning_of(self.deny)
        return [
            place
            for place, word in enumerate(self.permissions)
            if Permission.VIEW in denied or meaning_of([word]) <= denied
        ]

    def to_rule(self, path: str) -> AccessRule:
        """The rule as the domain knows it; `path` says where it stands in the file."""
        return AccessRule(
            users=frozenset(self.users),
            clickhouse_roles=frozenset(self.clickhouse_roles),
            permissions=meaning_of(self.permissions),
            denied=meaning_of(self.deny),
            source=path,
        )
