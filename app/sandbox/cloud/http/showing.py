"""Services as the answers of the API show them: what is, and what tests have laid over it."""

from typing import Any

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.tags import TagFilter
from app.sandbox.cloud.oddities import IN_GET, IN_LIST, IN_PATCH
from app.sandbox.cloud.service.service import Service


def show_list(cloud: Cloud, wanted: TagFilter) -> list[Any]:
    """Write the list of services; elements that a test put into it pass every filter."""
    with cloud.lock:
        now, odd = cloud.advance(), cloud.oddities
        listed = [service for service in cloud.services() if odd.is_listed(service.id)]
        matching = [each for each in listed if wanted.admits(each.fields.get("tags"))]
        return odd.with_elements(_read(cloud, each, now, IN_LIST) for each in matching)


def show_one(cloud: Cloud, service_id: str) -> Any:  # noqa: ANN401 -- any JSON value
    """Write one service. Raises ApiError 404."""
    with cloud.lock:
        now = cloud.advance()
        return _read(cloud, cloud.find(service_id), now, IN_GET)


def show_patched(cloud: Cloud, service_id: str, shown: dict[str, Any]) -> Any:  # noqa: ANN401 -- any JSON value
    """Write a service as the answer to a PATCH does, which never lags."""
    with cloud.lock:
        return cloud.oddities.dress(cloud.find(service_id).id, shown, IN_PATCH)


def _read(cloud: Cloud, service: Service, now: float, place: str) -> Any:  # noqa: ANN401 -- any JSON value
    shown = cloud.oddities.read(service.id, service.to_json(now), now)
    return cloud.oddities.dress(service.id, shown, place)
