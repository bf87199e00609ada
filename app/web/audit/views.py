"""The audit log: of one group for those who may see it, of everything for the administrator."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.http.current import portal, settings
from app.services.audit.export import FORMATS
from app.services.audit.log import AuditLogPage
from app.web.audit.query import AuditQuery, read_filter
from app.web.audit.rows import row_of
from app.web.audit.wording import KINDS, RESULTS
from app.web.login import administrator, identity

audit = Blueprint("audit", __name__)


@audit.get("/groups/<uuid:service_id>/audit")
def show(service_id: UUID) -> ResponseReturnValue:
    """What happened around one group."""
    query = _query(str(service_id))
    definition, page = portal().audit_log.list_group_events(identity(), query.wanted, query.before)
    return _page("audit/show.html", query, page, group=definition)


@audit.get("/groups/<uuid:service_id>/audit.<any(csv, jsonl):kind>")
def export(service_id: UUID, kind: str) -> ResponseReturnValue:
    """The same as a file; the page with what is wrong, if anything is."""
    query = _query(str(service_id))
    if query.problems:
        return show(service_id)
    return _file(kind, portal().audit_log.export_group(identity(), query.wanted))


@audit.get("/admin/audit")
def show_all() -> ResponseReturnValue:
    """Everything that happened."""
    query = _query()
    return _page(
        "audit/show_all.html", query, portal().audit_log.list_events(query.wanted, query.before)
    )


@audit.get("/admin/audit.<any(csv, jsonl):kind>")
def export_all(kind: str) -> ResponseReturnValue:
    """The same as a file; the page with what is wrong, if anything is."""
    query = _query()
    if query.problems:
        return show_all()
    return _file(kind, portal().audit_log.export(administrator(), query.wanted))


def _query(service_id: str = "") -> AuditQuery:
    return read_filter(request.args, ZoneInfo(settings().time_zone), service_id)


def _page(
    template: str, query: AuditQuery, page: AuditLogPage, **values: object
) -> ResponseReturnValue:
    text = render_template(
        template,
        query=query,
        page=page,
        kinds=KINDS,
        results=RESULTS,
        rows=[row_of(line) for line in page.lines],
        **values,
    )
    return text, 422 if query.problems else 200


def _file(kind: str, lines: Iterator[Mapping[str, Any]]) -> Response:
    write, media_type = FORMATS[kind]
    headers = {"Content-Disposition": f'attachment; filename="audit-log.{kind}"'}
    return Response(write(lines), content_type=f"{media_type}; charset=utf-8", headers=headers)
