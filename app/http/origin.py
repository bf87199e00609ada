"""The one rule about requests that another site's page makes: pages and the JSON API refuse them.

Browsers say where a request comes from in Sec-Fetch-Site, older ones only in Origin; what either
says must be the portal's own. Browsers that may tell no address send `Origin: null`, also to
the portal itself, so that alone Sec-Fetch-Site decides then. Programs send neither.
"""

from urllib.parse import urlsplit

from flask import Flask, Request

from app.errors import ForeignOrigin
from app.http.access import API, RECORDED_READS
from app.http.current import portal
from app.http.hooks import before_each

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
OWN_SITE = {"same-origin"}
JUDGED_READS = API | RECORDED_READS
"""Readings that another site's page may not make in somebody's name."""

UNTOLD = "null"
TYPED_BY_A_PERSON = {"none"}
"""What browsers say of an address that somebody typed or kept as a bookmark."""


def register_origin_check(app: Flask) -> None:
    """Check every request that changes something, and those readings that are somebody's action."""
    before_each(app, _check_origin)


def _check_origin(request: Request) -> None:
    """Raises ForeignOrigin."""
    is_safe = request.method in SAFE_METHODS
    if is_safe and request.endpoint not in JUDGED_READS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    is_own_site = site is None or site in (OWN_SITE | TYPED_BY_A_PERSON if is_safe else OWN_SITE)
    is_own_origin = _is_own(origin, request.host) or (origin == UNTOLD and site is not None)
    if not (is_own_site and is_own_origin):
        portal().audit_log.record_forgery(request.endpoint or "")
        raise ForeignOrigin


def _is_own(origin: str | None, host: str) -> bool:
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # no address at all
        return False
