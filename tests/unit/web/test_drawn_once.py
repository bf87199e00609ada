"""Parts of pages that are drawn once for each set of values."""

from itertools import count

from flask import Flask
from jinja2 import DictLoader

from app.web.drawn_once import register_drawn_once

PAGE = "{{ draw_once('part.html', person=person, form_token=form_token) }}"
PART = "<p>{{ person }} {{ form_token }}{{ request.endpoint }}{{ next_number() }}</p>"


def make_page() -> Flask:
    app = Flask("drawn")
    app.jinja_loader = DictLoader({"page.html": PAGE, "part.html": PART})
    numbers = count(1)
    app.jinja_env.globals["next_number"] = lambda: next(numbers)
    register_drawn_once(app)
    return app


def draw(app: Flask, person: str, form_token: str) -> str:
    return app.jinja_env.get_template("page.html").render(person=person, form_token=form_token)


def test_a_part_is_drawn_once_for_the_same_values() -> None:
    app = make_page()
    assert draw(app, "alice", "a") == draw(app, "alice", "a") == "<p>alice a1</p>"


def test_each_session_has_its_own() -> None:
    app = make_page()
    assert draw(app, "alice", "a") == "<p>alice a1</p>"
    assert draw(app, "alice", "b") == "<p>alice b2</p>"
    assert draw(app, "<bob>", "a") == "<p>&lt;bob&gt; a3</p>"
