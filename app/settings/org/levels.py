"""What may stand at several levels of `configs/org_config.yaml`.

From near to far these are a group, its template, its tags and its warehouse.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.access.permissions import ALL_PERMISSIONS, AccessRule, Permission
from app.domain.groups.catalog import Tags
from app.settings.org.faults import Entry, refusal
from app.settings.org.limits import Level, LimitsEntry, Presets
from app.settings.org.rules import RuleEntry
from app.settings.org.values import Line, Stated

TERRAFORM = "terraform"
MANAGERS = (TERRAFORM, "portal")
"""Who else may change a group: Terraform, or nobody."""


def _check_manager(word: str) -> str:
    if word not in MANAGERS:
        raise refusal("is not known", f"Write one of {', '.join(MANAGERS)}.")
    return word


Manager = Annotated[
    str, AfterValidator(_check_manager), Field(json_schema_extra={"enum": list(MANAGERS)})
]


class LevelEntry(Entry):
    """What may stand at several levels: rules, limits, presets, and what else changes the groups.

    `managed_by` and `view_only` are taken from the nearest level that gives them.
    """

    access: list[RuleEntry] = Field(default=[])
    limits: LimitsEntry = LimitsEntry()
    presets: Presets = None
    managed_by: Stated[Manager] = None
    view_only: Stated[bool] = None

    def to_level(self, path: str) -> Level:
        """The limits and presets of the entry at this path."""
        return Level(path, self.limits, self.presets)


class TemplateEntry(LevelEntry):
    """An item of `templates`: what groups have in common that name it with `like`."""


def _check_tag(text: str) -> str:
    key, is_exact, value = text.partition("=")
    parts = (key, value) if is_exact else (key,)
    if "*" in text or ": " in text or any(not part or part != part.strip() for part in parts):
        raise refusal("is no tag", "Write a key, or key=value without blanks around the sign.")
    return text


Tag = Annotated[Line, AfterValidator(_check_tag)]


class TagEntry(LevelEntry):
    """An item of `by_tag`: what holds for groups of which Cloud shows this tag.

    `tag` is a key, or key=value.
    """

    tag: Tag

    def matches(self, tags: Tags) -> bool:
        """Whether these tags of a service have it."""
        key, is_exact, value = self.tag.partition("=")
        return tags.get(key) == value if is_exact else key in tags

    def while_unknown(self) -> "TagEntry":
        """What of it holds while nobody knows the tags: what it takes away, nothing it gives."""
        denials = [rule.model_copy(update={"permissions": []}) for rule in self.access if rule.deny]
        nothing = {"limits": LimitsEntry(), "presets": None, "managed_by": None}
        kept = {"access": denials, "view_only": self.view_only or None}
        return self.model_copy(update=nothing | kept)


def nearest(entries: Sequence[tuple[str, LevelEntry]], key: str) -> tuple[str, object]:
    """The nearest value that is given for a key, with its path; None if there is none."""
    for path, entry in entries:
        if (value := getattr(entry, key)) is not None:
            return f"{path}.{key}", value
    return "", None


def view_only_rules(entries: Sequence[tuple[str, LevelEntry]]) -> tuple[AccessRule, ...]:
    """The rule that denies everybody whatever changes the group, where `view_only` says so."""
    path, is_view_only = nearest(entries, "view_only")
    if not is_view_only:
        return ()
    denied = ALL_PERMISSIONS - {Permission.VIEW, Permission.AUDIT}
    everybody = frozenset({"*"})
    return (
        AccessRule(frozenset(), frozenset(), denied=denied, source=path, user_patterns=everybody),
    )
