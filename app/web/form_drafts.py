"""What was typed into a form that could not be taken, kept until the form is sent for good.

It travels in Flask's signed cookie, so it is there after signing in again and behind the Back
button. Only fields of forms without secrets are kept.
"""

from flask import Flask, Response, request, session

from app.domain.access.permissions import Identity
from app.http.session_cookie import fits_cookie
from app.web.login import FINGERPRINT_KEY, user_fingerprint
from app.web.return_path import AGAIN

KEPT_OF = {"changes.propose"}
"""The forms whose fields are kept."""

NEVER_KEPT = {"csrf_token", "drawn_from"}
"""Both belong to the moment at which the form was shown."""

REFUSED = {409, 422, 503}
_KEY = "typed"


def register_form_drafts(app: Flask) -> None:
    """Keep what a refused form held."""

    @app.after_request
    def _keep(response: Response) -> Response:
        if response.status_code in REFUSED:
            save_form_draft()
        return response


def save_form_draft() -> bool:
    """Keep the fields of this request; whether there were any to keep."""
    if request.endpoint not in KEPT_OF or request.method != "POST":
        return False
    fields = {name: text for name, text in request.form.items() if name not in NEVER_KEPT}
    _keep_what_fits(request.path, fields)
    return True


def fit_form_draft() -> None:
    """Leave out of it what a browser could not keep beside all that the session holds now."""
    if _KEY in session:
        path, fields = session[_KEY]
        _keep_what_fits(path, dict(fields))


def _keep_what_fits(path: str, fields: dict[str, str]) -> None:
    while fields and not fits_cookie({**session, _KEY: [path, fields]}):
        del fields[max(fields, key=lambda name: len(fields[name].encode()))]
    session[_KEY] = [path, fields]


def forget_form_draft() -> None:
    """The form was taken: what was typed stands in the draft of the change."""
    session.pop(_KEY, None)


def find_form_draft() -> dict[str, str]:
    """What was typed into this form before, if its address asks for it; otherwise nothing."""
    path, fields = session.get(_KEY, ("", {}))
    return fields if AGAIN in request.args and path == request.path else {}


def carry_form_draft(identity: Identity) -> object:
    """What is kept of this person, to be put into the session that follows; of others nothing."""
    is_theirs = session.get(FINGERPRINT_KEY) == user_fingerprint(identity)
    return find_any_form_draft() if is_theirs else None


def find_any_form_draft() -> object:
    """What is kept, of whichever form, to be put into a session that follows."""
    return session.get(_KEY)


def restore_form_draft(kept: object) -> None:
    """Put what was carried into the new session."""
    if kept:
        session[_KEY] = kept
