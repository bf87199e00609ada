"""Where a freeze holds, and why, as an administrator says it."""

from dataclasses import dataclass

from app.domain.access.freeze import FreezeScope
from app.domain.audit.events import AuditTarget
from app.domain.changes.scaling_request import LONGEST_REASON
from app.domain.groups.catalog import Catalog
from app.domain.messages import problem
from app.errors import BrokenRules
from app.services.audit.recorder import NOTHING


@dataclass(frozen=True)
class FreezePlace:
    """Everything, or one warehouse by its key, or one group by the id of its service."""

    scope: FreezeScope = FreezeScope.ALL
    target: str = ""

    @classmethod
    def of(cls, text: str) -> "FreezePlace":
        """The place of “warehouse:key” or “group:id”; everything for nothing. Raises BrokenRules
        for any other text."""
        scope, _, target = text.partition(":")
        if not text:
            return cls()
        if scope not in {FreezeScope.WAREHOUSE, FreezeScope.GROUP}:
            raise BrokenRules((problem("where", "freeze_place_unknown"),))
        return cls(FreezeScope(scope), target)

    @classmethod
    def parse(cls, text: str, catalog: Catalog) -> "FreezePlace":
        """The same of something that the file of groups has."""
        place = cls.of(text)
        find = {
            FreezeScope.WAREHOUSE: catalog.find_warehouse,
            FreezeScope.GROUP: catalog.find_group,
        }.get(place.scope)
        if find and find(place.target) is None:
            raise BrokenRules((problem("where", "freeze_place_unknown"),))
        return place

    @property
    def what(self) -> str:
        """What is off, in words."""
        return "all changes" if self.scope is FreezeScope.ALL else f"changes of this {self.scope}"

    def about(self, catalog: Catalog) -> AuditTarget:
        """The group that an event is about; nothing for more than one."""
        if self.scope is not FreezeScope.GROUP:
            return NOTHING
        group = catalog.find_group(self.target)
        return AuditTarget(self.target, group=group.name if group else "")


def usable_reason(text: str) -> str:
    """The reason as it is shown. Raises BrokenRules."""
    words = " ".join(text.split())
    if not words:
        raise BrokenRules((problem("reason", "freeze_reason_needed"),))
    if len(words) > LONGEST_REASON:
        raise BrokenRules((problem("reason", "reason_too_long", most=LONGEST_REASON),))
    if not words.isprintable():
        raise BrokenRules((problem("reason", "reason_control_characters"),))
    return words
