"""What a browser may remember by cookie between sign-ins: light or dark, and the last warehouse.

Nothing here says who somebody is; whatever a cookie holds is compared with what there is to choose.
"""

from collections.abc import Collection

from flask import request
from werkzeug.wrappers import Response

from app.http.current import settings

REMEMBERED_SECONDS = 365 * 24 * 3600
THEMES = {"": "System", "light": "Light", "dark": "Dark"}
"""What a page looks like, and the words to choose it by."""


def find_theme() -> str:
    """The chosen theme; empty for the system's own choice."""
    return find_preference("theme", THEMES)


def find_preference(name: str, choices: Collection[str]) -> str:
    """What was remembered under this name, if it is one of the choices; otherwise empty."""
    value = request.cookies.get(_cookie(name), "")
    return value if value in choices else ""


def remember(response: Response, name: str, value: str) -> None:
    """Have the browser keep a choice; an empty one is forgotten."""
    response.set_cookie(
        _cookie(name),
        value,
        max_age=REMEMBERED_SECONDS if value else 0,
        secure=settings().is_https,
        httponly=True,
        samesite="Lax",
    )


def _cookie(name: str) -> str:
    return f"__Host-{name}" if settings().is_https else name
