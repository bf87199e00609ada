"""The audit trail: of one group for those who may see it, of everything for the administrator."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.services.trail import TrailPage
from app.services.trail_text import FORMATS
from app.web.login import administrator, identity, portal, settings
from app.web.origin import note_forgery
from app.web.trail.filter import Asked, read_filter
from app.web.trail.words import KINDS, RESULTS, differences_of, fields_of, headline_of

trail = Blueprint("trail", __name__)


@trail.get("/groups/<uuid:service_id>/trail")
def show(service_id: UUID) -> ResponseReturnValue:
    """What happened around one group."""
    asked = _asked(str(service_id))
    definition, page = portal().trail.look_at_group(identity(), asked.wanted, asked.before)
    return _page("trail/show.html", asked, page, group=definition)


@trail.get("/groups/<uuid:service_id>/trail.<any(csv, jsonl):kind>")
def export(service_id: UUID, kind: str) -> ResponseReturnValue:
    """The same as a file; the page with what is wrong, if anything is."""
    _check_own_request()
    asked = _asked(str(service_id))
    if asked.problems:
        return show(service_id)
    return _file(kind, portal().trail.export_group(identity(), asked.wanted))


@trail.get("/admin/trail")
def show_all() -> ResponseReturnValue:
    """Everything that happened."""
    asked = _asked()
    return _page("trail/show_all.html", asked, portal().trail.look(asked.wanted, asked.before))


@trail.get("/admin/trail.<any(csv, jsonl):kind>")
def export_all(kind: str) -> ResponseReturnValue:
    """The same as a file; the page with what is wrong, if anything is."""
    _check_own_request()
    asked = _asked()
    if asked.problems:
        return show_all()
    return _file(kind, portal().trail.export(administrator(), asked.wanted))


def _check_own_request() -> None:
    """A copy is an event in somebody's name, so no other site may have it taken."""
    if request.headers.get("Sec-Fetch-Site") not in {None, "same-origin", "none"}:
        note_forgery()
        abort(403, description="This request came from another site, so nothing was copied.")


def _asked(service_id: str = "") -> Asked:
    return read_filter(request.args, ZoneInfo(settings().time_zone), service_id)


def _page(template: str, asked: Asked, page: TrailPage, **values: object) -> ResponseReturnValue:
    text = render_template(
        template,
        asked=asked,
        page=page,
        kinds=KINDS,
        results=RESULTS,
        headline_of=headline_of,
        differences_of=differences_of,
        fields_of=fields_of,
        **values,
    )
    return text, 422 if asked.problems else 200


def _file(kind: str, lines: Iterator[Mapping[str, Any]]) -> Response:
    write, media_type = FORMATS[kind]
    headers = {"Content-Disposition": f'attachment; filename="audit-trail.{kind}"'}
    return Response(write(lines), content_type=f"{media_type}; charset=utf-8", headers=headers)
