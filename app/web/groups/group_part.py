"""The part of the page of one group that changes by itself."""

from dataclasses import dataclass
from typing import Self

from flask import render_template

from app.domain.access.permissions import Permission
from app.web.formatting.limits import limit_rows
from app.web.groups.page import GroupPage


@dataclass(frozen=True)
class GroupPart:
    """What is shown of a group; `name` and `may_audit` are what the shell tells."""

    name: str
    may_audit: bool
    html: str

    @property
    def size(self) -> int:
        """Its characters."""
        return len(self.html)

    def since(self, earlier: Self) -> str | None:  # noqa: ARG002 - as other parts have it
        """All of it has to be sent."""
        return None


def draw_group(page: GroupPage) -> GroupPart:
    """Draw it."""
    html = render_template("groups/_show.html", page=page, limits_of=limit_rows)
    return GroupPart(page.group.name, page.group.may(Permission.AUDIT), html)
