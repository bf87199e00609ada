"""Who is signed in: the one place that knows flask-login.

The cookie holds a random token; the session behind it is in the store, and its permissions are
looked up at each request.
"""

import hashlib
import logging
from collections.abc import Collection
from typing import cast

from flask import Flask, Response, redirect, request, session, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)

from app.domain.access.permissions import Identity
from app.domain.sessions import SessionEnd
from app.errors import NotSignedIn, StoreUnavailable
from app.http.access import (
    POLLED,
)
from app.http.current import portal
from app.http.request_context import SESSION_TOKEN
from app.web.other_sessions import (
    MOST,
    end_sessions,
    find_other_sessions,
    keep_other_sessions,
    list_other_people,
)

FINGERPRINT_KEY = "user_fingerprint"
log = logging.getLogger("portal.sign_in")


class SignedInUser(UserMixin):  # type: ignore[misc] # the library has no types
    """What flask-login carries around: the token, the identity behind it, and when it ends."""

    def __init__(
        self, token: str, identity: Identity, *, is_admin: bool, end: SessionEnd | None = None
    ) -> None:
        self.id = token
        self.identity = identity
        self.is_admin = is_admin
        self.end = end


class Logins(LoginManager):  # type: ignore[misc] # the library has no types
    """flask-login without what nobody uses here and every request would pay for: its own cookie,
    its template variable, and its tie of a session to the browser's name, which changes with every
    update."""

    def init_app(self, app: Flask, add_context_processor: bool = False) -> None:  # noqa: ARG002 - the library's own
        """Where its functions look for it."""
        app.login_manager = self  # type: ignore[attr-defined] # as the library does

    def _session_protection_failed(self) -> bool:
        return False


def user_fingerprint(identity: Identity) -> str:
    """A mark of the person, which stays in the browser after the session has ended."""
    return hashlib.sha256(f"{identity.warehouse}\n{identity.user}".encode()).hexdigest()[:16]


def register_login(app: Flask) -> None:
    """Load the person of each request."""
    manager = Logins(app)

    @manager.user_loader  # type: ignore[untyped-decorator] # the library has no types
    def _load(token: str) -> SignedInUser | None:
        is_activity = request.endpoint not in POLLED
        found = portal().sign_in.resume(token, is_activity=is_activity)
        if found is None or (found.is_admin and not _is_current_admin(found.identity)):
            portal().sign_in.note_use_after_end(token)
            session.pop(SESSION_TOKEN, None)  # once is enough: the browser need not bring it again
            return None
        end = portal().sign_in.find_end(found)
        return SignedInUser(token, found.identity, is_admin=found.is_admin, end=end)

    app.context_processor(_name_person)


def find_person() -> SignedInUser | None:
    """Whoever is signed in, of either kind."""
    person = current_user._get_current_object()  # noqa: SLF001 - the documented way through a proxy
    return person if isinstance(person, SignedInUser) else None


def _name_person() -> dict[str, Identity | SessionEnd | str | None]:
    try:
        found = find_person()
    except StoreUnavailable:  # the error page that says so must not fail for the same reason
        found = None
    is_of_admin = found is not None and found.is_admin
    return {
        "person": found.identity if found and not is_of_admin else None,
        "session_end": found.end if found else None,
        "administrator": found.identity.user if found and is_of_admin else None,
    }


def _is_current_admin(identity: Identity) -> bool:
    return portal().administration.is_current(identity)


def is_admin() -> bool:
    """Whether an administrator is signed in, who is no ClickHouse user."""
    person = find_person()
    return person is not None and person.is_admin


def sign_in_as(token: str, identity: Identity, *, is_admin: bool = False) -> None:
    """Start the browser's session afresh with this token. Nothing from before survives in it but
    what the same person has proven for other warehouses."""
    kept = {} if is_admin else _list_lasting(identity)
    end_session(kept.values())
    _begin(SignedInUser(token, identity, is_admin=is_admin), kept)


def switch_to(warehouse: str) -> bool:
    """Go on in another warehouse; False where nobody is proven for it in this browser."""
    person, others = find_person(), find_other_sessions()
    if person and person.identity.warehouse == warehouse:
        return True
    token = others.pop(warehouse, "")
    found = portal().sign_in.resume(token, is_activity=True) if token else None
    if found is None or found.is_admin or found.identity.warehouse != warehouse:
        keep_other_sessions(others)
        return False
    if person:
        others[person.identity.warehouse] = person.id
    _begin(SignedInUser(token, found.identity, is_admin=False), others)
    return True


def _begin(person: SignedInUser, others: dict[str, str]) -> None:
    session.clear()
    session[FINGERPRINT_KEY] = user_fingerprint(person.identity)
    keep_other_sessions(others)
    login_user(person)


def _list_lasting(proven: Identity) -> dict[str, str]:
    """The others for other warehouses that outlast this one.

    Somebody who is signed in, and proves themselves for another warehouse, keeps what they have. So
    does whoever comes back after the end of a session; anybody else finds nothing of theirs.
    """
    person, others = find_person(), find_other_sessions()
    if person and not person.is_admin and person.identity.warehouse != proven.warehouse:
        others[person.identity.warehouse] = person.id
    elif session.get(FINGERPRINT_KEY) != user_fingerprint(proven):
        return {}
    others.pop(proven.warehouse, None)
    return dict(list(others.items())[-MOST:])


def end_session(keep: Collection[str] = ()) -> bool:
    """Sign out whoever is signed in, in every warehouse but for the tokens to keep, on the server
    and in the browser.

    The browser forgets in any case; False if the server could not note it.
    """
    is_noted = True
    try:
        end_sessions(keep)
    except StoreUnavailable as error:
        log.warning("a sign-out could not be noted: %s", error.message)
        is_noted = False
    session.clear()
    logout_user()
    return is_noted


def leave(endpoint: str) -> Response:
    """Sign out, and go to the page of this endpoint, which says how that went, and at which
    providers the person may want to sign out as well."""
    keys = ",".join(_list_providers()) or None
    unnoted = None if end_session() else 1
    target = url_for(endpoint, signed_out=1, unnoted=unnoted, provider=keys)
    response = cast("Response", redirect(target, 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _list_providers() -> list[str]:
    """The keys of the providers that signed the person in, for this warehouse and for others; none
    if the sessions cannot be read, which must not keep the browser signed in."""
    try:
        people = [find_identity(), *list_other_people()]
        found = [portal().company.find_provider(person) for person in people]
    except StoreUnavailable:
        return []
    return list(dict.fromkeys(item.key for item in found if item and not item.header))


def find_identity() -> Identity | None:
    """The ClickHouse user who is signed in; None for nobody and for the administrator."""
    person = find_person()
    return None if person is None or person.is_admin else person.identity


def administrator() -> Identity:
    """The administrator who is signed in. Raises NotSignedIn."""
    if not is_admin():
        raise NotSignedIn(message="You are not signed in.", remedy="Sign in.")
    return cast("Identity", current_user.identity)


def session_token() -> str:
    """The token of the session of this request; empty if nobody is signed in."""
    return str(session.get(SESSION_TOKEN, ""))


def identity() -> Identity:
    """Who is signed in. Raises NotSignedIn."""
    found = find_identity()
    if found is None:
        raise NotSignedIn(message="You are not signed in.", remedy="Sign in.")
    return found


def check_signed_in() -> None:
    """Raises NotSignedIn if the session was ended since the request began."""
    portal().sign_in.check_signed_in(session_token())
