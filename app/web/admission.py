"""Whom each page lets in: nobody, people or the administrator, as the access lists say."""

from typing import cast

from flask import Flask, Request, Response, redirect, url_for

from app.context import set_user
from app.errors import NotPossible, NotSignedIn, StoreUnavailable
from app.http.access import (
    ADMIN,
    API,
    OF_EVERY_SESSION,
    POLLED,
    PUBLIC,
    SHARED,
    SIGNED_IN,
    WATCHING,
)
from app.http.hooks import before_each
from app.web.login import SignedInUser, find_person

SAFE_METHODS = {"GET", "HEAD"}
OPEN = SHARED | PUBLIC | WATCHING | API
"""Need nobody who is signed in."""
FOR_ADMIN, FOR_PEOPLE = ADMIN | OF_EVERY_SESSION, SIGNED_IN | POLLED
SIGN_OUTS = {"sign_in.sign_out", "admin.sign_out"}


def register_admission(app: Flask) -> None:
    """Turn strangers away from what is not public, before anything else is done."""
    before_each(app, _check_signed_in)


def _check_signed_in(request: Request) -> Response | None:
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    try:
        return _admit(request)
    except StoreUnavailable:
        if request.endpoint in SIGN_OUTS:  # the browser can forget what nobody can look up
            return None
        raise


def _admit(request: Request) -> Response | None:
    person = find_person()
    if person and request.endpoint in POLLED and _is_of_another_warehouse(request, person):
        raise NotPossible(
            message="Another warehouse is in use in this browser by now.",
            remedy="Load the page again to go on there.",
        )
    if person and request.endpoint in (FOR_ADMIN if person.is_admin else FOR_PEOPLE):
        set_user(person.identity.user)
        return None
    return _turn_away(request)


def _is_of_another_warehouse(request: Request, person: SignedInUser) -> bool:
    """Whether the page that asks was shown for a warehouse which the browser has left since."""
    shown = request.headers.get("X-Warehouse", person.identity.warehouse)
    return shown != person.identity.warehouse


def _turn_away(request: Request) -> Response:
    if request.endpoint in POLLED or request.method not in SAFE_METHODS:
        raise NotSignedIn(
            message="You are not signed in, or your session has ended.",
            remedy="Sign in again. Nothing was changed.",
        )
    if request.endpoint in ADMIN:  # there is but one page to come back to
        return cast("Response", redirect(url_for("admin.sign_in"), 303))
    target = url_for("sign_in.form", next=request.full_path.rstrip("?"))
    return cast("Response", redirect(target, 303))
