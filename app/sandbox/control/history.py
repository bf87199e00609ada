"""What the metrics of a service would have said in the past, which no real Cloud tells."""

from itertools import pairwise
from typing import Any

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.service.metrics import replicas_of
from app.sandbox.cloud.service.workload import DAY_SECONDS, state_at

MOST_DAYS = 31
STEPS = ((MOST_DAYS, 1800), (7, 900), (1, 300))
"""Within so many days the moments are so many seconds apart."""


def read_history(cloud: Cloud, service_id: str, days: str) -> dict[str, Any]:
    """The moments of the last days, oldest first. Raises ApiError."""
    if not (days.isascii() and days.isdecimal() and 1 <= int(days[:9]) <= MOST_DAYS):
        raise ApiError(400, f"days: must be a whole number from 1 to {MOST_DAYS}")
    service, now = cloud.get_service(service_id), cloud.clock.now()
    scaling = service["currentScaling"]
    return {
        "min_gb": scaling["effectiveMinReplicaMemoryGb"],
        "max_gb": scaling["effectiveMaxReplicaMemoryGb"],
        "moments": [_moment(service, at) for at in _list_moments(int(days), int(now))],
    }


def _list_moments(days: int, now: int) -> list[int]:
    last = now // 300 * 300
    moments: list[int] = []
    for (begin, step), (end, _) in pairwise((*STEPS, (0, 0))):
        moments += range(last - min(begin, days) * DAY_SECONDS, last - end * DAY_SECONDS, step)
    return moments


def _moment(service: dict[str, Any], at: float) -> dict[str, Any]:
    state = state_at(service["name"], at)
    hosts = replicas_of(service, at) if state == "running" else {}
    return {"at": at, "state": state, "replicas": hosts}
