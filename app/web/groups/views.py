"""The compute groups: all that a person may see, and one at a time."""

from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domain.load.spans import Span
from app.http.current import portal, settings
from app.services.groups.editions import Edition
from app.web.groups.group_part import GroupPart, draw_group
from app.web.groups.index_page import build_index
from app.web.groups.index_part import IndexPart, Rows, draw_index
from app.web.groups.load import PLACE, draw_load
from app.web.groups.ordering import ORDERS
from app.web.groups.page import build_page
from app.web.live import (
    KeptParts,
    WholePart,
    answer_changed,
    answer_unchanged,
    is_current,
    markup_of,
)
from app.web.login import identity
from app.web.return_path import own_path
from app.web.spend import section

groups = Blueprint("groups", __name__)


class GroupParts:
    """What is kept of both pages by this application."""

    def __init__(self) -> None:
        self.indexes: KeptParts[IndexPart] = KeptParts()
        self.groups: KeptParts[GroupPart] = KeptParts()
        self.loads: KeptParts[WholePart] = KeptParts()
        self.spends: KeptParts[WholePart] = KeptParts()
        self.rows = Rows()


@groups.record
def _keep_parts(state: BlueprintSetupState) -> None:
    state.app.extensions["group_parts"] = GroupParts()


@groups.get("/")
def home() -> ResponseReturnValue:
    """The groups are the first page."""
    return redirect(url_for("groups.index"), 303)


@groups.get("/groups")
def index() -> str:
    """Every group that the person may see."""
    edition = _index_edition()
    part = _find_index(edition)
    return render_template(
        "groups/index.html",
        part=part,
        html=markup_of(part),
        edition=edition,
        orders=[(value, order.words) for value, order in ORDERS.items()],
    )


@groups.get("/groups/live")
def index_live() -> ResponseReturnValue:
    """The part of the groups page that changes by itself."""
    edition = _index_edition()
    if is_current(edition):
        return answer_unchanged(edition)
    return answer_changed(edition, _find_index(edition), _parts().indexes)


@groups.post("/groups/<uuid:service_id>/favourite")
def mark(service_id: UUID) -> ResponseReturnValue:
    """Mark a group as a favourite, or take the mark away."""
    is_favourite = bool(request.form.get("is_favourite"))
    portal().overview_pages.favourites.mark(identity(), str(service_id), is_favourite=is_favourite)
    return redirect(own_path(request.form.get("next")), 303)


@groups.get("/groups/<uuid:service_id>")
def show(service_id: UUID) -> str:
    """One group: state, size, what is in progress, what can be done."""
    edition = portal().editions.of_group(identity(), str(service_id))
    part = _find_group(edition, service_id)
    html = markup_of(part).replace(PLACE, _find_load(edition, service_id), 1)
    return render_template(
        "groups/show.html",
        part=part,
        html=html.replace(section.PLACE, _find_spend(edition, service_id), 1),
        edition=edition,
        service_id=service_id,
    )


@groups.get("/groups/<uuid:service_id>/live")
def show_live(service_id: UUID) -> ResponseReturnValue:
    """The part of the group page that changes by itself."""
    edition = portal().editions.of_group(identity(), str(service_id))
    if is_current(edition):
        return answer_unchanged(edition)
    return answer_changed(edition, _find_group(edition, service_id), _parts().groups)


def _span() -> Span:
    """How far back the load is shown: a day for whatever is no span."""
    asked = request.args.get("load", "")
    return Span(asked) if asked in set(Span) else Span.DAY


def _index_edition() -> Edition:
    favourites = sorted(portal().overview_pages.favourites.list_of(identity()))
    wanted = repr((sorted(request.args.items()), favourites))
    return portal().editions.of_groups(identity(), wanted)


def _find_index(edition: Edition) -> IndexPart:
    parts = _parts()
    if part := parts.indexes.find(edition.mark):
        return part
    page = build_index(portal(), identity(), request.args)
    return parts.indexes.keep(edition.mark, draw_index(page, parts.rows))


def _find_group(edition: Edition, service_id: UUID) -> GroupPart:
    parts = _parts()
    if part := parts.groups.find(edition.mark):
        return part
    page = build_page(portal(), identity(), service_id, ZoneInfo(settings().time_zone))
    return parts.groups.keep(edition.mark, draw_group(page))


def _find_load(edition: Edition, service_id: UUID) -> Markup:
    """The load as it was when the page of this edition was first opened: a minute ago at most."""
    parts, span = _parts(), _span()
    mark = f"{edition.mark} {span}"
    if part := parts.loads.find(mark):
        return markup_of(part)
    report = portal().load.show(identity(), str(service_id), span)
    drawn = WholePart(draw_load(report, ZoneInfo(settings().time_zone)))
    return markup_of(parts.loads.keep(mark, drawn))


def _find_spend(edition: Edition, service_id: UUID) -> Markup:
    """What the group costs, kept in the same way."""
    parts = _parts()
    if part := parts.spends.find(edition.mark):
        return markup_of(part)
    drawn = section.draw_spend(portal().spend.show(identity(), str(service_id)))
    return markup_of(parts.spends.keep(edition.mark, WholePart(drawn)))


def _parts() -> GroupParts:
    return cast("GroupParts", current_app.extensions["group_parts"])
