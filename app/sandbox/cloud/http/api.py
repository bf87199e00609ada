"""The Cloud API, version 1, over the simulated Cloud."""

from collections.abc import Callable

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http import schedules
from app.sandbox.cloud.http.admission import require_admission
from app.sandbox.cloud.http.bodies import parse_object
from app.sandbox.cloud.http.errors import ApiError, answer, error_answer
from app.sandbox.cloud.http.limiter import RateLimiter
from app.sandbox.cloud.http.organization_api import OrganizationApi
from app.sandbox.cloud.http.services_api import ServicesApi
from app.sandbox.cloud.organization.activities import Caller

ORGANIZATION = "/v1/organizations/<organization_id>"
SERVICE = f"{ORGANIZATION}/services/<service_id>"


def create_cloud_app(cloud: Cloud, limiter: RateLimiter) -> Flask:
    """Make the WSGI application of the Cloud API."""
    app = Flask("app.sandbox.cloud.http.api", static_folder=None)
    app.url_map.merge_slashes = False
    require_admission(app, cloud, limiter)
    app.register_error_handler(ApiError, lambda e: error_answer(e.status, e.text))
    app.register_error_handler(HTTPException, lambda e: error_answer(e.code or 500, e.name))
    _register_organization(app, OrganizationApi(cloud))
    _register_services(app, ServicesApi(cloud))
    _register_schedule(app, cloud)
    return app


def _register_organization(app: Flask, api: OrganizationApi) -> None:
    """Register what concerns the organisation. The path's organisation is checked at the door."""
    _get(app, "/v1/organizations", api.list_organizations)
    _get(app, ORGANIZATION, api.get_organization)
    _get(app, f"{ORGANIZATION}/activities", api.list_activities)
    _get(app, f"{ORGANIZATION}/activities/<activity_id>", api.get_activity)
    _get(app, f"{ORGANIZATION}/usageCost", api.get_cost)
    _get(app, f"{ORGANIZATION}/quotas", api.list_quotas)
    _get(app, f"{ORGANIZATION}/quotas/<code>", api.get_quota)
    _get(app, f"{ORGANIZATION}/serviceProfiles", api.list_profiles)
    _get(app, f"{ORGANIZATION}/keys", api.list_keys)
    _get(app, f"{ORGANIZATION}/keys/<key_id>", api.get_key)


def _register_services(app: Flask, api: ServicesApi) -> None:
    """Register what concerns services. The path's service is checked at the door."""
    _get(app, f"{ORGANIZATION}/services", api.list_services)
    _get(app, SERVICE, api.get_service)
    _get(app, f"{SERVICE}/prometheus", api.get_metrics)
    _get(app, f"{SERVICE}/privateEndpointConfig", api.get_private_endpoint)
    _get(app, f"{SERVICE}/backupConfiguration", api.get_backup)

    def patch_scaling(service_id: str) -> Response:
        return api.patch_scaling(service_id, _body(), _caller())

    def patch_state(service_id: str) -> Response:
        return api.patch_state(service_id, _body(), _caller())

    app.patch(f"{SERVICE}/replicaScaling")(patch_scaling)
    app.patch(f"{SERVICE}/state")(patch_state)


def _register_schedule(app: Flask, cloud: Cloud) -> None:
    def get_schedule(service_id: str) -> Response:
        return answer(schedules.get_schedule(cloud, service_id))

    def post_schedule(service_id: str) -> Response:
        return answer(schedules.set_schedule(cloud, service_id, _body()))

    def delete_schedule(service_id: str) -> Response:
        schedules.delete_schedule(cloud, service_id)
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
