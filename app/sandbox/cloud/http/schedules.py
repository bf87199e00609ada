"""The calls of the Cloud API about the scaling schedule of a service."""

from typing import Any

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.service.rendering import schedule_json
from app.sandbox.cloud.service.schedule import parse_entries


def get_schedule(cloud: Cloud, service_id: str) -> dict[str, Any]:
    """Return the schedule of a service. Raises ApiError 404 when it has none."""
    with cloud.lock:
        now, service = cloud.advance(), cloud.find(service_id)
        if not service.entries:
            raise ApiError(404, "Scaling schedule not found")
        return schedule_json(service.entries, service.configured, now)


def set_schedule(cloud: Cloud, service_id: str, body: dict[str, object]) -> dict[str, Any]:
    """Replace the schedule of a service; no entries clear it. Raises ApiError."""
    with cloud.lock:
        now, service = cloud.advance(), cloud.find(service_id)
        service.entries = parse_entries(body)
        return schedule_json(service.entries, service.configured, now)


def delete_schedule(cloud: Cloud, service_id: str) -> None:
    """Remove the schedule of a service. Raises ApiError 404 when it has none."""
    with cloud.lock:
        get_schedule(cloud, service_id)
        cloud.find(service_id).entries = ()
