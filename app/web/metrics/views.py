"""The portal's figures, for programs on this machine or with the token, and for nobody else."""

import hmac
import ipaddress

from flask import Blueprint, Response, request

from app.errors import NotFound
from app.metrics import CONTENT_TYPE
from app.web.login import portal, settings

metrics = Blueprint("metrics", __name__)

PROXY_MARKS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""A request that a proxy on this machine passes on comes from anywhere."""


@metrics.get("/metrics")
def show() -> Response:
    """Every figure. Raises NotFound to everybody else, who may not know that it exists."""
    if not (_has_token() or _is_from_here()):
        raise NotFound
    return Response(portal().measuring.render(), content_type=CONTENT_TYPE)


def _has_token() -> bool:
    wanted, given = settings().metrics_token, request.authorization
    if wanted is None or given is None or given.type != "bearer":
        return False
    sent = (given.token or "").encode(errors="replace")
    return hmac.compare_digest(sent, wanted.get_secret_value().encode())


def _is_from_here() -> bool:
    # What a trusted proxy has put in the place of the connection's own address does not count.
    original = request.environ.get("werkzeug.proxy_fix.orig") or {}
    address = str(original.get("REMOTE_ADDR") or request.remote_addr or "")
    if any(name in request.headers for name in PROXY_MARKS):
        return False
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
