"""Who a request comes from: HTTP Basic, a personal token, or the ways of the older service."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response, g, request
from pydantic import SecretStr

from app.api.errors import CredentialsNeeded, QueryCredentialsOff
from app.domain.messages import problem
from app.errors import BrokenRules
from app.http.current import settings
from app.http.request_context import client_address, find_authorization
from app.services.sign_in.api import Caller

OLD_SINCE = datetime(2026, 11, 1, tzinfo=UTC)
"""Since when credentials outside HTTP Basic are answered as deprecated (RFC 9745)."""


def header_caller() -> Caller:
    """The caller by the header `Authorization`: HTTP Basic or a token. Raises CredentialsNeeded."""
    found = _find_header()
    if found is None:
        raise CredentialsNeeded
    return found


def query_caller() -> Caller:
    """The caller by HTTP Basic, by a token or by the query string.

    Raises BrokenRules, QueryCredentialsOff.
    """
    if "password" in request.args and not settings().api.may_use_query_credentials:
        raise QueryCredentialsOff
    return _find_header() or _old_caller(request.args)


def body_caller(body: Mapping[str, Any]) -> Caller:
    """The caller by HTTP Basic, by a token or by the body. Raises BrokenRules."""
    names = ("username", "password")
    problems = [
        problem(name, "not_text") for name in names if not isinstance(body.get(name), str | None)
    ]
    if problems:
        raise BrokenRules(tuple(problems))
    return _find_header() or _old_caller(body)


def note_old_credentials(response: Response) -> Response:
    """Say that name and password came in a way that is not the one to use."""
    if g.get("has_old_credentials"):
        response.headers["Deprecation"] = f"@{int(OLD_SINCE.timestamp())}"
        link = f'<{settings().docs_path}>; rel="deprecation"; type="text/html"'
        response.headers.add("Link", link)
    return response


def _find_header() -> Caller | None:
    given = find_authorization()
    if given is not None and given.type == "bearer":
        return Caller("", SecretStr(""), client_address(), SecretStr(given.token or ""))
    if given is None or given.type != "basic":
        return None
    return _caller(given.username or "", given.password or "")


def _old_caller(source: Mapping[str, Any]) -> Caller:
    user, password = source.get("username"), source.get("password")
    if user is None or password is None:
        # As the older service answered: what is missing is a broken rule, not a refusal.
        missing = [name for name in ("username", "password") if source.get(name) is None]
        raise BrokenRules(tuple(problem(name, "required") for name in missing))
    g.has_old_credentials = True
    return _caller(user, password)


def _caller(user: str, password: str) -> Caller:
    return Caller(user, SecretStr(password), client_address())
