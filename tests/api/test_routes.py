"""The table of operations, the routes, and the list that keeps sessions away from them agree."""

from pathlib import Path

import pytest
from flask import Flask

from app.api.operations import OPERATIONS
from app.api.routes import VIEWS, build_blueprints
from app.http.access import ADMIN, API, POLLED, PUBLIC, SHARED, SIGNED_IN


@pytest.fixture
def app() -> Flask:
    """The blueprints of the API alone."""
    made = Flask("app", root_path=str(Path(__file__).parent), static_folder=None)
    for blueprint in build_blueprints():
        made.register_blueprint(blueprint)
    return made


def test_each_operation_is_a_route_and_nothing_else_is(app: Flask) -> None:
    routes = {
        (str(rule.endpoint), rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    assert routes == {(item.endpoint, item.flask_rule, item.method) for item in OPERATIONS}
    assert VIEWS.keys() == {item.endpoint for item in OPERATIONS}


def test_no_route_of_the_api_is_one_for_sessions() -> None:
    assert {item.endpoint for item in OPERATIONS} <= API
    assert not API & (SHARED | PUBLIC | POLLED | SIGNED_IN | ADMIN)


def test_all_that_changes_something_asks_for_json_and_says_who_may() -> None:
    for item in OPERATIONS:
        assert (item.request is not None) == (item.method in {"POST", "PUT"})
        assert item.permission
        assert 401 in item.answers
