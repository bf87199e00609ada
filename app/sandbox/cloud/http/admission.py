"""The door of the Cloud API: the key, the request limit, and what a path may name."""

import hmac

from flask import Flask, g, request
from werkzeug.wrappers import Response

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.errors import error_answer, throttled_answer
from app.sandbox.cloud.http.limiter import RateLimiter
from app.sandbox.world import KEY_ID, KEY_SECRET, ORGANIZATION_ID


def require_admission(app: Flask, cloud: Cloud, limiter: RateLimiter) -> None:
    """Let every request through the door, and state the limit on every answer."""
    app.before_request(lambda: _admit(cloud, limiter))
    app.after_request(_state_limit)


def _admit(cloud: Cloud, limiter: RateLimiter) -> Response | None:
    """Check key and request limit, then the organisation and service in the path."""
    g.allowance = limiter.untouched()
    auth = request.authorization
    if auth is None or auth.type != "basic":
        return error_answer(401, "Key id and secret are required")
    if not (_same(auth.username, KEY_ID) and _same(auth.password, KEY_SECRET)):
        return error_answer(401, "Key is not active")
    g.allowance = allowance = limiter.count(KEY_ID)
    if allowance is not None and not allowance.is_admitted:
        return throttled_answer()
    return _check_path(cloud)


def _check_path(cloud: Cloud) -> Response | None:
    """Identifiers are compared as UUIDs are: in any case. An unknown one is 404."""
    named = request.view_args or {}
    asked = named.pop("organization_id", ORGANIZATION_ID)
    if asked.lower() != ORGANIZATION_ID:
        return error_answer(404, "Organization not found")
    if "service_id" in named:
        cloud.check_visible(named["service_id"])
    return None


def _state_limit(response: Response) -> Response:
    if g.allowance is not None:
        response.headers.update(g.allowance.headers())
    return response


def _same(given: str | None, expected: str) -> bool:
    return hmac.compare_digest((given or "").encode(errors="replace"), expected.encode())
