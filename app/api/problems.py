"""Every way to say no, in one shape (RFC 9457, application/problem+json)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app.api.errors import ChangeNotDone
from app.api.models import ProblemAnswer, ProblemEntry
from app.domain.changes.rejections import rejection_of
from app.errors import (
    BrokenRules,
    CloudError,
    CloudRejected,
    NotFound,
    PortalError,
    Problem,
    SignInRefused,
)
from app.http.request_context import request_id
from app.http.retry_after import retry_after_of

log = logging.getLogger("portal.api")

CHALLENGE = (
    'Basic realm="Compute group portal", charset="UTF-8", Bearer realm="Compute group portal"'
)

WORDS = {
    400: ("malformed", "Part of what was sent makes no sense here."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not do that."),
    413: ("too_large", "More was sent than anything here needs."),
}
FAULT = (
    "The portal has a fault. If you had requested a change, it may have been sent: look at the "
    "group's changes before you ask for it again."
)
FIELDS = {"group_name": "confirm_name"}
"""What programs call a field that pages call otherwise."""


def register_problems(blueprint: Blueprint) -> None:
    """Answer every error of these routes as a problem."""
    blueprint.register_error_handler(PortalError, answer_portal_error)
    blueprint.register_error_handler(HTTPException, answer_http_error)
    blueprint.register_error_handler(Exception, _answer_fault)


def answer_portal_error(error: PortalError) -> Response:
    """The problem that an error of the portal's means."""
    if isinstance(error, CloudRejected):
        log.error("cloud refused the portal: %s", error.message)
    problems = _problems_of(error)
    return _respond(
        ProblemAnswer(
            type="about:blank",
            title=HTTPStatus(error.status).phrase,
            status=error.status,
            detail=_detail_of(error, problems),
            code=_code_of(error),
            request_id=request_id(),
            errors=[_entry(item) for item in problems],
            change_reference=_reference_of(error),
            cloud_request_id=_cloud_request_id_of(error),
            retry_after=retry_after_of(error),
        )
    )


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    """The problem that an error of HTTP's means; redirects pass."""
    status = error.code or 500
    if status < 400:
        return error
    code, words = WORDS.get(status, ("http_error", error.description or ""))
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    return _respond(_plain(status, code, words), headers)


def _answer_fault(error: Exception) -> Response:
    log.error("fault", exc_info=error)
    return _respond(_plain(500, "internal_error", FAULT))


def _plain(status: int, code: str, detail: str) -> ProblemAnswer:
    return ProblemAnswer(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=request_id(),
        errors=[],
    )


def _respond(answer: ProblemAnswer, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(
        answer.model_dump_json(exclude_none=True),
        answer.status,
        dict(headers or {}),
        mimetype="application/problem+json",
    )
    if answer.status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    if answer.retry_after is not None:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response


def _problems_of(error: PortalError) -> tuple[Problem, ...]:
    if isinstance(error, BrokenRules):
        return error.problems
    rejection = rejection_of(error.change) if isinstance(error, ChangeNotDone) else None
    return (rejection,) if rejection else ()


def _entry(item: Problem) -> ProblemEntry:
    field = FIELDS.get(item.field, item.field)
    return ProblemEntry(field=field, code=item.code, message=item.message)


def _detail_of(error: PortalError, problems: tuple[Problem, ...]) -> str:
    if isinstance(error, BrokenRules):
        named = (f"{FIELDS.get(item.field, item.field)}: {item.message}" for item in problems)
        return f"{error.message} {'; '.join(named)}"
    # The remedy for what is hidden speaks of pages.
    remedy = "" if isinstance(error, NotFound) else error.remedy
    return f"{error.message} {remedy}".strip()


def _code_of(error: PortalError) -> str:
    if isinstance(error, SignInRefused):
        return str(error.reason)
    return error.name if isinstance(error, ChangeNotDone) else error.code


def _reference_of(error: PortalError) -> str | None:
    if isinstance(error, ChangeNotDone):
        return error.change.reference
    return str(getattr(error, "reference", "")) or None


def _cloud_request_id_of(error: PortalError) -> str | None:
    if isinstance(error, ChangeNotDone):
        return error.change.cloud_request_id
    return error.request_id if isinstance(error, CloudError) else None
