"""The audit trail: of one group for those who may see it, of everything for the administrator."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.services.trail import TrailPage
from app.services.trail_text import FORMATS
from app.web.login import administrator, identity, portal, settings
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
def export(service_id: UUID, kind: str) -> Response:
    """The same as a file."""
    lines = portal().trail.export_group(identity(), _asked(str(service_id)).wanted)
    return _file(kind, lines)


@trail.get("/admin/trail")
def show_all() -> ResponseReturnValue:
    """Everything that happened."""
    asked = _asked()
    return _page("trail/show_all.html", asked, portal().trail.look(asked.wanted, asked.before))


@trail.get("/admin/trail.<any(csv, jsonl):kind>")
def export_all(kind: str) -> Response:
    """The same as a file."""
    return _file(kind, portal().trail.export(administrator(), _asked().wanted))


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
