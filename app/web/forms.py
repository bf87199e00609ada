"""How pages ask: text in, values out, and broken rules put beside their fields.

The rules themselves are in `app.domain.changes.scaling_request`; a form only knows how text is
typed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from flask import Flask, Request, abort, g, request, session
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import generate_csrf
from wtforms import Field, RadioField

from app.errors import (
    ChangeConflict,
    ChangesFrozen,
    CloudError,
    NotPossible,
    Problem,
    SignInRefused,
    StoreUnavailable,
)
from app.http.access import API
from app.http.hooks import before_each
from app.http.origin import SAFE_METHODS

WHOLE_NUMBER = re.compile(
    r"(-?[0-9]{1,9})[\s\xa0]*(?:gb|gib|min|mins|minutes?|replicas?)?", re.I | re.A
)
"""Ordinary digits with the unit that the label names, if somebody types it.

The no-break space is how the pages themselves set figures apart from units."""


SECRET = "csrf_token"  # noqa: S105 - a name
"""Flask-WTF's name in the session for what the tokens of its forms are made of."""

MOST_REMEMBERED = 2000

KEEPS_THE_FORM = (
    ChangeConflict,
    ChangesFrozen,
    CloudError,
    NotPossible,
    SignInRefused,
    StoreUnavailable,
)
"""Refusals after which the person stays where they are, with everything they typed."""


def register_forms(app: Flask) -> None:
    """Guard every form with a token bound to the session, and refuse ambiguous fields."""
    # The token lives as long as the session. Referer is not looked at: our own pages send none.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    CSRFProtect(app)
    before_each(app, _check_fields_once)
    token = _remembering_tokens()
    app.context_processor(lambda: {"csrf_token": token})


def _remembering_tokens() -> Callable[[], str]:
    """What gives the token of a session's forms: it lives as long as the session, and is signed
    once. One page has one token, whoever of us and the library asks for it first."""

    @lru_cache(MOST_REMEMBERED)
    def sign(_secret: str) -> str:
        return str(generate_csrf())  # which signs the secret of this session

    def token() -> str:
        if SECRET in g:  # where the library keeps that of this request
            return str(g.csrf_token)
        if secret := session.get(SECRET):
            g.csrf_token = sign(secret)
        return str(generate_csrf())

    return token


def csrf_of(app: Flask) -> CSRFProtect:
    """The guard of the forms, to be told which routes have none."""
    return app.extensions["csrf"]


def _check_fields_once(request: Request) -> None:
    if request.endpoint in API:  # has no forms
        return
    if request.method in SAFE_METHODS and not request.query_string:
        return
    repeated = [
        name
        for source in (request.args, request.form)
        for name, values in source.lists()
        if len(values) > 1
    ]
    if request.files:
        abort(400, description="No form here takes a file.")
    if repeated:
        shown = ", ".join(sorted(repeated))[:100]
        abort(400, description=f"These fields were sent more than once: {shown}.")


class PortalForm(FlaskForm):  # type: ignore[misc] # the library has no types
    """A form that knows all its fields and shows problems beside them."""

    def check_known_fields(self) -> None:
        """Refuse fields that the form does not have (400): somebody means something else."""
        unknown = sorted(request.form.keys() - self._fields.keys())
        if unknown:
            shown = ", ".join(unknown)[:100]
            abort(400, description=f"The form does not know these fields: {shown}.")

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside its field; above the form if the page has no such field."""
        for item in problems:
            field: Field | None = self._fields.get(item.field)
            if field is None:
                self.form_errors.append(item.message)
            elif item.message not in field.errors:
                field.errors = [*field.errors, item.message]

    def refill(self, typed: Mapping[str, str]) -> None:
        """Show what was typed before, whatever it was."""
        for name, text in typed.items():
            if name in self._fields:
                self._fields[name].data = text

    @property
    def has_problem(self) -> bool:
        """Whether anything is to be corrected."""
        return bool(self.faulty_fields or self.form_errors)

    @property
    def faulty_fields(self) -> list[Field]:
        """The fields with problems, in the order of the page."""
        return [field for field in self if field.errors]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """For each faulty field the address of its first control, and what is wrong with it."""
        return [
            (_anchor_of(field), _summary_of(self.title_of(field), field))
            for field in self.faulty_fields
        ]

    def title_of(self, field: Field) -> str:
        """What the summary calls a field: its label, unless a form has a better name for it."""
        return str(field.label.text)


def _anchor_of(field: Field) -> str:
    return f"#{field.id}-0" if isinstance(field, RadioField) else f"#{field.id}"


def _summary_of(title: str, field: Field) -> str:
    message = str(field.errors[0])
    return f"{title}: {message[:1].lower()}{message[1:]}"


def parse_number(text: str | None) -> int | str | None:
    """A whole number as people type it; None for nothing; the text itself for anything else."""
    stripped = (text or "").strip()
    if not stripped:
        return None
    match = WHOLE_NUMBER.fullmatch(stripped)
    return int(match[1]) if match else stripped
