"""The paths under /_sandbox, which no real Cloud has."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.bodies import parse_json
from app.sandbox.cloud.http.errors import ApiError, json_response
from app.sandbox.control import appearances, second_factors
from app.sandbox.control.control import Control
from app.sandbox.control.faults import parse_fault
from app.sandbox.control.forcing import force_service
from app.sandbox.control.history import read_history
from app.sandbox.control.trusting import set_roles, trust_provider


def create_control_app(control: Control) -> Flask:
    """Make the WSGI application that is mounted at /_sandbox."""
    app = Flask("app.sandbox.control.control", static_folder=None)
    app.register_error_handler(ApiError, lambda e: _problem(e.status, e.text))
    app.register_error_handler(HTTPException, lambda e: _problem(e.code or 500, e.name))
    faults = control.watch.faults

    def add_fault() -> dict[str, Any]:
        faults.add(parse_fault(_body()))
        return {"faults": faults.list_all()}

    def clear_faults() -> dict[str, Any]:
        faults.clear()
        return {"faults": []}

    _route(app, "GET", "/world", control.world)
    _route(app, "GET", "/requests", control.requests)
    _route(app, "POST", "/reset", control.reset)
    _route(app, "GET", "/faults", lambda: {"faults": faults.list_all()})
    _route(app, "POST", "/faults", add_fault)
    _route(app, "DELETE", "/faults", clear_faults)
    _route(app, "POST", "/advance", lambda: control.advance(_body()))
    _route(app, "GET", "/settings", control.settings.read)
    _route(app, "POST", "/settings", lambda: control.settings.change(_body()))
    _route(app, "PUT", "/settings", lambda: control.settings.change(_body()))
    _route(app, "POST", "/providers", lambda: trust_provider(control.cloud, _body()))
    _route(app, "POST", "/token_roles", lambda: set_roles(control.cloud, _body()))
    _register_services(app, control.cloud)
    _register_users(app, control.cloud)
    return app


def _register_services(app: Flask, cloud: Cloud) -> None:
    service = "/services/<service_id>"
    changes = {
        service: force_service,
        f"{service}/shown": appearances.show_service,
        f"{service}/visibility": appearances.set_visibility,
    }
    for path, change in changes.items():
        _route(app, "POST", path, _with_body(cloud, change))
    _route(
        app,
        "GET",
        f"{service}/load",
        lambda service_id: read_history(cloud, service_id, request.args.get("days", "30")),
    )
    show_as_it_is = partial(appearances.show_service_as_it_is, cloud)
    _route(app, "DELETE", f"{service}/shown", show_as_it_is)
    _route(app, "POST", "/list", lambda: appearances.put_elements(cloud, _body()))
    _route(app, "DELETE", "/list", lambda: appearances.put_elements(cloud, {"elements": []}))
    _route(app, "POST", "/costs", lambda: appearances.put_cost_rows(cloud, _body()))
    _route(app, "DELETE", "/costs", lambda: appearances.put_cost_rows(cloud, {"rows": []}))


def _register_users(app: Flask, cloud: Cloud) -> None:
    path = "/users/<name>/second_factor"
    _route(app, "POST", path, _with_body(cloud, second_factors.set_second_factor))
    _route(app, "DELETE", path, partial(second_factors.end_second_factor, cloud))


def _with_body(
    cloud: Cloud, act: Callable[[Cloud, str, dict[str, object]], dict[str, Any]]
) -> Callable[..., dict[str, Any]]:
    """Call `act` with the one thing named in the path, and the body."""

    def order(**named: str) -> dict[str, Any]:
        (name,) = named.values()
        return act(cloud, name, _body())

    return order


def _route(app: Flask, method: str, path: str, act: Callable[..., dict[str, Any]]) -> None:
    def view(**arguments: str) -> Response:
        return json_response(act(**arguments), 200)

    app.add_url_rule(path, endpoint=f"{method} {path}", view_func=view, methods=[method])


def _problem(status: int, text: str) -> Response:
    return json_response({"error": text}, status)


def _body() -> dict[str, object]:
    value = parse_json(request.get_data())
    if not isinstance(value, dict):
        raise ApiError(400, "request body: must be an object")
    return value
