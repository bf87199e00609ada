"""What a request to the JSON API must satisfy before anything in it is looked at.

No cookie counts here, so no page of another site can act for somebody who is signed in. Programs
that a browser runs for another site are refused all the same, and so are forms.
"""

from urllib.parse import urlsplit

from flask import request

from app.api.context import portal
from app.api.faults import ForeignOrigin, Malformed, NotJson
from app.domain.events import EventKind, Result

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
OWN_SITE = {None, "same-origin", "none"}
"""Programs send no Sec-Fetch-Site; browsers send `none` for what a person typed."""


def check_request() -> None:
    """Raises ForeignOrigin, NotJson, Malformed."""
    _check_origin()
    if request.method not in SAFE_METHODS and request.mimetype != "application/json":
        raise NotJson
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        shown = ", ".join(sorted(repeated))[:100]
        raise Malformed(
            message=f"These parameters were sent more than once: {shown}.",
            remedy="Send each once.",
        )


def _check_origin() -> None:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in OWN_SITE or (origin is not None and not _is_own(origin)):
        audit = portal().audit
        audit.note(audit.event(EventKind.MALICIOUS_CSRF, request.endpoint or "", Result.FAIL))
        raise ForeignOrigin


def _is_own(origin: str) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == request.host.lower()
    except ValueError:  # no address at all
        return False
