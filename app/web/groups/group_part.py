"""The part of the page of one group that changes by itself."""

from dataclasses import dataclass

from flask import render_template

from app.domain.access.permissions import Permission
from app.web.formatting.limits import limit_rows
from app.web.groups.page import GroupPage
from app.web.live import WholePart


@dataclass(frozen=True)
class GroupPart(WholePart):
    """What is shown of a group; `name` and `may_audit` are what the shell tells."""

    name: str
    may_audit: bool


def draw_group(page: GroupPage) -> GroupPart:
    """Draw it."""
    html = render_template("groups/_show.html", page=page, limits_of=limit_rows)
    return GroupPart(html, page.group.name, page.group.may(Permission.AUDIT))
