"""Who is signed in: the one place that knows flask-login.

The cookie holds a random token; the session behind it is in the store, and its permissions are
looked up at each request.
"""

from typing import cast

from flask import Flask, Response, current_app, redirect, request, session, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)

from app.domain.access import Identity
from app.errors import NotSignedIn, StoreUnavailable
from app.services.portal import Portal
from app.web.access import POLLED, PUBLIC, SHARED, SIGNED_IN

TOKEN_KEY = "_user_id"  # noqa: S105 - flask-login's name for it in the session
SAFE_METHODS = {"GET", "HEAD"}


class SignedInUser(UserMixin):  # type: ignore[misc] # the library has no types
    """What flask-login carries around: the token, and the identity behind it."""

    def __init__(self, token: str, identity: Identity) -> None:
        self.id = token
        self.identity = identity


def portal() -> Portal:
    """The use cases of this application."""
    return cast("Portal", current_app.extensions["portal"])


def register_login(app: Flask) -> None:
    """Load the person of each request, and turn strangers away from what is not public."""
    # Without its template variable, which asks the store again where that has failed already.
    manager = LoginManager(app, add_context_processor=False)
    # Its own protection ties a session to the browser's name, which changes with every update.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator] # the library has no types
    def _load(token: str) -> SignedInUser | None:
        is_activity = request.endpoint not in POLLED
        found = portal().sign_in.resume(token, is_activity=is_activity)
        return SignedInUser(token, found.identity) if found else None

    @app.before_request
    def _check_signed_in() -> Response | None:
        if request.endpoint is None or request.endpoint in SHARED | PUBLIC:
            return None
        if current_user.is_authenticated and request.endpoint in SIGNED_IN | POLLED:
            return None
        return _turn_away()

    app.context_processor(_name_person)


def _name_person() -> dict[str, Identity | None]:
    try:
        return {"person": find_identity()}
    except StoreUnavailable:  # the error page that says so must not fail for the same reason
        return {"person": None}


def _turn_away() -> Response:
    if request.endpoint in POLLED or request.method not in SAFE_METHODS:
        raise NotSignedIn(
            message="You are not signed in, or your session has ended.",
            remedy="Sign in again. Nothing was changed.",
        )
    target = url_for("auth.sign_in", next=request.full_path.rstrip("?"))
    return cast("Response", redirect(target, 303))


def sign_in_as(token: str, identity: Identity) -> None:
    """Start the browser's session afresh with this token; nothing from before survives in it."""
    end_session()
    session.clear()
    login_user(SignedInUser(token, identity))


def end_session() -> None:
    """Sign out whoever is signed in, on the server and in the browser."""
    if token := session.get(TOKEN_KEY):
        portal().sign_in.sign_out(token)
    logout_user()
    session.clear()


def find_identity() -> Identity | None:
    """Who is signed in, if anybody."""
    return current_user.identity if current_user.is_authenticated else None


def identity() -> Identity:
    """Who is signed in. Raises NotSignedIn."""
    found = find_identity()
    if found is None:
        raise NotSignedIn(message="You are not signed in.", remedy="Sign in.")
    return found
