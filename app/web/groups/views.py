"""The compute groups: all that a person may see, and one at a time."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.http.current import portal, settings
from app.web.formatting.limits import limit_rows
from app.web.groups.filtering import ORDERS
from app.web.groups.index_page import build_index, row_of
from app.web.groups.page import GroupPage, build_page
from app.web.login import identity

groups = Blueprint("groups", __name__)


@groups.get("/")
def home() -> ResponseReturnValue:
    """The groups are the first page."""
    return redirect(url_for("groups.index"), 303)


@groups.get("/groups")
def index() -> str:
    """Every group that the person may see."""
    return _render_index("groups/index.html")


@groups.get("/groups/live")
def index_live() -> str:
    """The part of the groups page that changes by itself."""
    return _render_index("groups/_index.html")


@groups.get("/groups/<uuid:service_id>")
def show(service_id: UUID) -> str:
    """One group: state, size, what is in progress, what can be done."""
    return render_template("groups/show.html", page=_build(service_id), limits_of=limit_rows)


@groups.get("/groups/<uuid:service_id>/live")
def show_live(service_id: UUID) -> str:
    """The part of the group page that changes by itself."""
    return render_template("groups/_show.html", page=_build(service_id), limits_of=limit_rows)


def _render_index(template: str) -> str:
    page = build_index(portal(), identity(), request.args)
    return render_template(
        template,
        page=page,
        orders=ORDERS,
        row_of=row_of,
    )


def _build(service_id: UUID) -> GroupPage:
    return build_page(portal(), identity(), service_id, ZoneInfo(settings().time_zone))
