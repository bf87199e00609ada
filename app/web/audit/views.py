"""The audit log: of one group for those who may see it, of everything for the administrator."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import BrokenRules
from app.http.current import portal
from app.services.audit.export import FORMATS
from app.services.audit.search import AuditLogPage
from app.web.audit.query import AuditQuery
from app.web.audit.rows import row_of
from app.web.audit.wording import KINDS, RESULTS
from app.web.login import administrator, identity

audit = Blueprint("audit", __name__)


@audit.get("/groups/<uuid:service_id>/audit")
def show(service_id: UUID) -> ResponseReturnValue:
    """What happened around one group."""
    search = portal().audit_search
    definition, page = search.list_group_events(identity(), str(service_id), request.args)
    return _page("audit/show.html", page, group=definition)


@audit.get("/groups/<uuid:service_id>/audit.<any(csv, jsonl):kind>")
def export(service_id: UUID, kind: str) -> ResponseReturnValue:
    """The same as a file; the page with what is wrong, if anything is."""
    search = portal().audit_search
    try:
        return _file(kind, search.export_group(identity(), str(service_id), request.args))
    except BrokenRules:
        return show(service_id)


@audit.get("/admin/audit")
def show_all() -> ResponseReturnValue:
    """Everything that happened."""
    return _page("audit/show_all.html", portal().audit_search.list_events(request.args))


@audit.get("/admin/audit.<any(csv, jsonl):kind>")
def export_all(kind: str) -> ResponseReturnValue:
    """The same as a file; the page with what is wrong, if anything is."""
    try:
        return _file(kind, portal().audit_search.export_all(administrator(), request.args))
    except BrokenRules:
        return show_all()


def _page(template: str, page: AuditLogPage, **values: object) -> ResponseReturnValue:
    query = AuditQuery(page.search)
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
