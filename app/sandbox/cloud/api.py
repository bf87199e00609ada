"""The Cloud API, version 1, over the simulated Cloud."""

import hmac
from collections.abc import Callable

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.sandbox.cloud import organization
from app.sandbox.cloud.activities import Caller
from app.sandbox.cloud.bodies import parse_object
from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.costs import usage_cost
from app.sandbox.cloud.errors import ApiError, answer, error_answer, throttled_answer
from app.sandbox.cloud.limiter import RateLimiter
from app.sandbox.cloud.metrics import prometheus_text
from app.sandbox.world import KEY_ID, KEY_SECRET, KEY_UUID, ORGANIZATION_ID

ORGANIZATION = "/v1/organizations/<organization_id>"
SERVICE = f"{ORGANIZATION}/services/<service_id>"


def create_cloud_app(cloud: Cloud, limiter: RateLimiter) -> Flask:
    """Make the WSGI application of the Cloud API."""
    app = Flask("app.sandbox.cloud.api", static_folder=None)
    app.url_map.merge_slashes = False
    app.before_request(lambda: _admit(limiter))
    app.register_error_handler(ApiError, lambda e: error_answer(e.status, e.text))
    app.register_error_handler(HTTPException, lambda e: error_answer(e.code or 500, e.name))
    _register_organization(app, cloud)
    _register_services(app, cloud)
    _register_schedule(app, cloud)
    return app


def _admit(limiter: RateLimiter) -> Response | None:
    """Check key and request limit, then the organisation in the path."""
    auth = request.authorization
    if auth is None or auth.type != "basic":
        return error_answer(401, "Key id and secret are required")
    if not (_same(auth.username, KEY_ID) and _same(auth.password, KEY_SECRET)):
        return error_answer(401, "Key is not active")
    wait_seconds = limiter.find_wait_seconds(KEY_ID)
    if wait_seconds is not None:
        return throttled_answer(wait_seconds)
    asked = (request.view_args or {}).pop("organization_id", ORGANIZATION_ID)
    return None if asked == ORGANIZATION_ID else error_answer(404, "Organization not found")


def _same(given: str | None, expected: str) -> bool:
    return hmac.compare_digest((given or "").encode(errors="replace"), expected.encode())


def _register_organization(app: Flask, cloud: Cloud) -> None:
    """Register what concerns the organisation. The path's organisation was checked before."""

    def get_activities() -> Response:
        with cloud.lock:
            cloud.settle()
            span = request.args.get("from_date"), request.args.get("to_date")
            return answer(cloud.activities.list_between(*span))

    def get_cost() -> Response:
        return answer(usage_cost(cloud, request.args.get("from_date"), request.args.get("to_date")))

    def get_key(key_id: str) -> Response:
        if key_id != KEY_UUID:
            raise ApiError(404, "Key not found")
        return answer(organization.api_key())

    _get(app, "/v1/organizations", lambda: answer([organization.organization()]))
    _get(app, ORGANIZATION, lambda: answer(organization.organization()))
    _get(app, f"{ORGANIZATION}/activities", get_activities)
    _get(app, f"{ORGANIZATION}/usageCost", get_cost)
    _get(app, f"{ORGANIZATION}/quotas", lambda: answer(organization.quotas()))
    _get(app, f"{ORGANIZATION}/keys", lambda: answer([organization.api_key()]))
    _get(app, f"{ORGANIZATION}/keys/<key_id>", get_key)


def _register_services(app: Flask, cloud: Cloud) -> None:
    def patch_scaling(service_id: str) -> Response:
        cloud.get_service(service_id)
        return answer(cloud.scale(service_id, _body(), _caller()))

    def patch_state(service_id: str) -> Response:
        cloud.get_service(service_id)
        return answer(cloud.command(service_id, _body(), _caller()))

    def get_metrics(service_id: str) -> Response:
        is_filtered = request.args.get("filtered_metrics") == "true"
        text = prometheus_text(cloud.get_service(service_id), cloud.clock.now(), is_filtered)
        return Response(text, content_type="text/plain; charset=utf-8")

    _get(app, f"{ORGANIZATION}/services", lambda: answer(cloud.list_services()))
    _get(app, SERVICE, lambda service_id: answer(cloud.get_service(service_id)))
    _get(app, f"{SERVICE}/prometheus", get_metrics)
    app.patch(f"{SERVICE}/replicaScaling")(patch_scaling)
    app.patch(f"{SERVICE}/state")(patch_state)


def _register_schedule(app: Flask, cloud: Cloud) -> None:
    def get_schedule(service_id: str) -> Response:
        return answer(cloud.get_schedule(service_id))

    def post_schedule(service_id: str) -> Response:
        cloud.get_service(service_id)
        return answer(cloud.set_schedule(service_id, _body()))

    def delete_schedule(service_id: str) -> Response:
        cloud.delete_schedule(service_id)
        return answer()

    _get(app, f"{SERVICE}/scalingSchedule", get_schedule)
    app.post(f"{SERVICE}/scalingSchedule")(post_schedule)
    app.delete(f"{SERVICE}/scalingSchedule")(delete_schedule)


def _get(app: Flask, path: str, view: Callable[..., Response]) -> None:
    app.add_url_rule(path, endpoint=f"GET {path}".replace(".", "_"), view_func=view)


def _body() -> dict[str, object]:
    return parse_object(request.get_data(), request.mimetype)


def _caller() -> Caller:
    return Caller(request.remote_addr or "", request.headers.get("User-Agent", ""))
