"""Parts of pages that depend on a few values alone, drawn once for each."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

MOST_REMEMBERED = 2000
OF_ONE_REQUEST = {"request": None, "session": None, "g": None}
"""Flask gives these to every template; what is drawn for many requests may have none of them."""


def register_drawn_once(app: Flask) -> None:
    """Give templates a `draw_once`: a template drawn with these values, and nothing else of the
    request, so that nothing in one request can get into the pages of another."""

    @lru_cache(MOST_REMEMBERED)
    def draw(name: str, values: tuple[tuple[str, object], ...]) -> Markup:
        return Markup(app.jinja_env.get_template(name).render(OF_ONE_REQUEST | dict(values)))  # noqa: S704 - a template of ours

    def draw_once(name: str, **values: object) -> Markup:
        return draw(name, tuple(values.items()))

    app.jinja_env.globals["draw_once"] = draw_once
