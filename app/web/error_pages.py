"""One page for every way to say no, in the words that the error carries."""

import logging

from flask import Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from app.errors import (
    ChangeInFlight,
    ChangesFrozen,
    CloudAnswerLost,
    CloudRejected,
    NotSignedIn,
    OutcomeNotRecorded,
    PortalError,
    ScheduleNotPaused,
    StoreUnavailable,
)
from app.http.access import ADMIN, POLLED, SIGNED_IN
from app.http.current import portal
from app.http.request_context import request_id
from app.http.retry_after import retry_headers
from app.web.form_drafts import save_form_draft
from app.web.login import find_identity
from app.web.return_path import return_path

TITLES = {
    400: "This request cannot be understood",
    401: "You are not signed in",
    403: "You may not do this",
    404: "Page not found",
    405: "This address does not do that",
    409: "This cannot be done as things stand",
    413: "That is too much at once",
    422: "This change is not possible",
    429: "Too many attempts",
    500: "Something went wrong in the portal",
    502: "ClickHouse Cloud did not do its part",
    503: "This is not possible at the moment",
    504: "ClickHouse Cloud did not answer",
}

WORDS = {
    400: (
        "Part of what was sent makes no sense here, so nothing was done.",
        "Go back and try again.",
    ),
    404: (
        "There is nothing at this address, or it is not for you to see.",
        "Check the address, or look for the group among yours.",
    ),
    405: (
        "This address is for the press of a button, not for a visit, so nothing was done.",
        "Go to your groups and press the button there.",
    ),
    413: (
        "More was sent than any form here needs, so nothing was done.",
        "Go back and send less.",
    ),
    500: (
        "The portal has a fault. If you had just confirmed a change, it may have been sent.",
        "Look at the group's history before you ask for it again.",
    ),
}

MAY_HAVE_BEEN_DONE = CloudAnswerLost | OutcomeNotRecorded | ScheduleNotPaused | StoreUnavailable
"""After these nobody can say that nothing was changed; they carry words of their own."""

log = logging.getLogger("portal.errors")


def register_error_pages(app: Flask) -> None:
    """Answer every error with a page in the house style."""
    app.register_error_handler(PortalError, _show_portal_error)
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(SecurityError, _show_foreign_host)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(Exception, _show_fault)


def _show_portal_error(error: PortalError) -> ResponseReturnValue:
    if isinstance(error, NotSignedIn) and request.endpoint not in POLLED:
        return _to_sign_in()
    if isinstance(error, CloudRejected):
        log.error("cloud refused the portal: %s", error.message)
    about = ChangeInFlight | OutcomeNotRecorded | ScheduleNotPaused
    reference = error.reference if isinstance(error, about) else ""
    is_nothing_done = request.method == "POST" and not isinstance(error, MAY_HAVE_BEEN_DONE)
    page = _page(
        error.status,
        error.message,
        error.remedy,
        reference,
        is_nothing_done=is_nothing_done,
        is_freeze_said=isinstance(error, ChangesFrozen),
    )
    return page, error.status, retry_headers(error)


def _to_sign_in() -> ResponseReturnValue:
    if request.endpoint in ADMIN:  # there is but one page to come back to
        return redirect(url_for("admin.sign_in", ended=1), 303)
    save_form_draft()
    return redirect(url_for("sign_in.form", ended=1, next=return_path()), 303)


def _show_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    if request.endpoint in SIGNED_IN and find_identity() is None:
        return _to_sign_in()
    portal().audit_log.record_forgery(request.endpoint or "")
    message = "The form you sent does not belong to your session, so nothing was done."
    if save_form_draft():
        remedy = "You have signed in anew since you opened it. What you typed is kept."
        return _page(403, message, remedy, is_draft_kept=True), 403
    return _page(403, message, "Open the page again and fill in the form once more."), 403


def _show_foreign_host(_error: SecurityError) -> ResponseReturnValue:
    # No page of ours: its links would need a host name, and this one is not the portal's.
    return Response("The portal is not at this address.\n", 400, mimetype="text/plain")


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    message, remedy = WORDS.get(status, (error.description or "", ""))
    if status in {400, 403} and "description" in vars(error):
        message = error.description or message
    headers = [(name, value) for name, value in error.get_headers() if name in {"Allow"}]
    return _page(status, message, remedy), status, headers


def _show_fault(error: Exception) -> ResponseReturnValue:
    log.error("fault", exc_info=error)
    return _page(500, *WORDS[500]), 500


def _page(
    status: int,
    message: str,
    remedy: str,
    change_reference: str = "",
    *,
    is_draft_kept: bool = False,
    is_nothing_done: bool = False,
    is_freeze_said: bool = False,
) -> str:
    return render_template(
        "errors/error.html",
        status=status,
        title=TITLES.get(status, "This did not work"),
        message=message,
        remedy=remedy,
        change_reference=change_reference,
        is_draft_kept=is_draft_kept,
        is_nothing_done=is_nothing_done,
        is_freeze_said=is_freeze_said,
        request_id=request_id(),
    )
