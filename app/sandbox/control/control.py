"""What exists in the sandbox only: its world, its record, its clock, its faults."""

from typing import Any

from app.sandbox import world
from app.sandbox.cloud.bodies import check_known
from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.limiter import RateLimiter
from app.sandbox.control.faults import parse_number
from app.sandbox.control.observed import Watch

YEAR_SECONDS = 366 * 86_400
FASTEST = 10_000


class Control:
    """The sandbox as people and tests steer it. `speed` is what the clock starts with."""

    def __init__(self, cloud: Cloud, watch: Watch, limiter: RateLimiter, url: str) -> None:
        self.cloud, self.watch, self.limiter, self.url = cloud, watch, limiter, url
        self._first_speed = watch.clock.speed

    def world(self) -> dict[str, Any]:
        """Describe everything a client may need: identifiers, endpoints, users, the key."""
        return {
            "url": self.url,
            "api": f"{self.url}/v1",
            "organization_id": world.ORGANIZATION_ID,
            "api_key_id": world.KEY_ID,
            "api_key_secret": world.KEY_SECRET,
            "warehouses": [{"id": i, "name": name} for i, name in world.WAREHOUSES.items()],
            "services": [_service(service) for service in self.cloud.list_services()],
            "users": _users(),
        }

    def reset(self) -> dict[str, Any]:
        """Go back to the beginning: clock, world, record, faults, request limit."""
        with self.cloud.lock:
            self.watch.faults.clear()
            self.watch.clock.restart(self._first_speed)
            self.cloud.restart()
            self.watch.recorder.clear()
            self.limiter.reset()
        return self.world()

    def requests(self) -> dict[str, Any]:
        """Return every request received, and the connections each service has had."""
        with self.cloud.lock:
            connections = dict(self.cloud.connections)
        return {"requests": self.watch.recorder.list_all(), "connections": connections}

    def advance(self, body: dict[str, object]) -> dict[str, Any]:
        """Skip time. Raises ApiError 400."""
        check_known(body, ("seconds",))
        self.watch.clock.advance(parse_number("seconds", body.get("seconds"), 0, YEAR_SECONDS))
        return {"services": self.world()["services"]}

    def change_settings(self, body: dict[str, object]) -> dict[str, Any]:
        """Set the request limit, the clock's speed or the duration of scaling."""
        check_known(body, ("rate_limit", "speed", "scaling_seconds"))
        with self.cloud.lock:
            if "rate_limit" in body:
                limit = body["rate_limit"]
                number = limit is not None and parse_number("rate_limit", limit, 1, 1_000_000)
                self.limiter.limit = int(number) if number else None
            if "speed" in body:
                self.watch.clock.set_speed(parse_number("speed", body["speed"], 0, FASTEST))
            if "scaling_seconds" in body:
                seconds = parse_number("scaling_seconds", body["scaling_seconds"], 0, YEAR_SECONDS)
                self.cloud.durations.scaling = seconds
        return self.settings()

    def settings(self) -> dict[str, Any]:
        """Return what `change_settings` can change."""
        return {
            "rate_limit": self.limiter.limit,
            "speed": self.watch.clock.speed,
            "scaling_seconds": self.cloud.durations.scaling,
        }


def _service(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": shown["id"],
        "name": shown["name"],
        "warehouse": world.WAREHOUSES.get(shown["dataWarehouseId"]),
        "warehouse_id": shown["dataWarehouseId"],
        "state": shown["state"],
        "endpoint_url": _endpoint_url(shown.get("endpoints")),
    }


def _endpoint_url(endpoints: object) -> str | None:
    """Find the HTTP interface; None when a test has taken it away."""
    for endpoint in endpoints if isinstance(endpoints, list) else []:
        if isinstance(endpoint, dict) and endpoint.get("protocol") == "https":
            return f"http://{endpoint.get('host')}:{endpoint.get('port')}"
    return None


def _users() -> list[dict[str, Any]]:
    return [
        {
            "name": user.name,
            "password": user.password,
            "roles": list(user.roles),
            "warehouse": world.WAREHOUSES[warehouse_id],
            "warehouse_id": warehouse_id,
            "failed_logins_an_hour": user.failed_logins_an_hour,
        }
        for warehouse_id, users in world.USERS.items()
        for user in users
    ]
