"""For whoever watches the portal: is the process alive, can it do its work, and its figures."""

import hmac
import ipaddress
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.http.current import portal, settings
from app.http.probes import ASKED_HOST
from app.http.request_context import find_authorization, peer_of
from app.metrics import CONTENT_TYPE

monitoring = Blueprint("monitoring", __name__)

PROXY_MARKS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""A request that a proxy on this machine passes on comes from anywhere."""


@monitoring.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers. Touches neither store nor network."""
    return Response("ok\n", mimetype="text/plain")


@monitoring.get("/readyz")
def ready() -> ResponseReturnValue:
    """The store can be read and Cloud answered lately; 503 with the reasons otherwise.

    What only keeps changes from being made stands below: no other process could make them either.
    Who may read the figures is told more.
    """
    faults = portal().readiness.list_faults()
    lines = [*(faults or ("ready",)), *portal().readiness.list_warnings()]
    if _may_see_figures():
        lines += portal().readiness.list_details()
    text = "".join(f"{line}\n" for line in lines)
    return Response(text, 503 if faults else 200, mimetype="text/plain")


@monitoring.get("/metrics")
def metrics() -> Response:
    """Every figure. Raises NotFound to everybody else, who may not know that it exists."""
    if not _may_see_figures():
        raise NotFound
    return Response(portal().metrics.render(), content_type=CONTENT_TYPE)


def _may_see_figures() -> bool:
    return _has_token() or _is_from_here()


def _has_token() -> bool:
    wanted, given = settings().metrics_token, find_authorization()
    if wanted is None or given is None or given.type != "bearer":
        return False
    sent = (given.token or "").encode(errors="replace")
    return hmac.compare_digest(sent, wanted.get_secret_value().encode())


def _is_from_here() -> bool:
    if any(name in request.headers for name in PROXY_MARKS) or not _is_own_name():
        return False
    try:
        return ipaddress.ip_address(peer_of(request)).is_loopback
    except ValueError:
        return False


def _is_own_name() -> bool:
    """Whether this machine was asked by an address, as localhost or by the portal's own host. Any
    other name may be a page's in a browser here, which has let it mean this machine."""
    asked = urlsplit(f"//{request.environ.get(ASKED_HOST, request.host)}").hostname or ""
    if asked in {"localhost", urlsplit(f"//{request.host}").hostname}:
        return True
    try:
        ipaddress.ip_address(asked)
    except ValueError:
        return False
    return True
