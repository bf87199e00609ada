"""What exists in the sandbox only: its world, its record, its clock, its faults."""

from typing import Any

from app.sandbox import world
from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.bodies import check_known
from app.sandbox.cloud.http.limiter import RateLimiter
from app.sandbox.control.faults import parse_number
from app.sandbox.control.observed import Watch
from app.sandbox.control.settings import YEAR_SECONDS, Settings
from app.sandbox.extent import users_of
from app.sandbox.tokens import TOKENS


class Control:
    """The sandbox as people and tests steer it. `speed` is what the clock starts with."""

    def __init__(self, cloud: Cloud, watch: Watch, limiter: RateLimiter, url: str) -> None:
        self.cloud, self.watch, self.limiter, self.url = cloud, watch, limiter, url
        self.settings = Settings(cloud, watch.clock, limiter)
        self._first_speed = watch.clock.speed

    def world(self) -> dict[str, Any]:
        """Describe everything a client may need: identifiers, endpoints, users, the key."""
        return {
            "url": self.url,
            "api": f"{self.url}/v1",
            "organization_id": world.ORGANIZATION_ID,
            "api_key_id": world.KEY_ID,
            "api_key_secret": world.KEY_SECRET,
            "warehouses": [{"id": i, "name": name} for i, name in self.cloud.warehouses.items()],
            "services": [
                _service(service, self.cloud.warehouses) for service in self.cloud.list_services()
            ],
            "users": _users(self.cloud.warehouses),
            "tokens": _tokens(),
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


def _service(shown: dict[str, Any], warehouses: dict[str, str]) -> dict[str, Any]:
    return {
        "id": shown["id"],
        "name": shown["name"],
        "warehouse": warehouses.get(shown["dataWarehouseId"]),
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


def _users(warehouses: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": user.name,
            "password": user.password,
            "roles": list(user.roles),
            "warehouse": name,
            "warehouse_id": warehouse_id,
            "failed_logins_an_hour": user.failed_logins_an_hour,
        }
        for warehouse_id, name in warehouses.items()
        for user in users_of(warehouse_id)
    ]


def _tokens() -> list[dict[str, Any]]:
    return [
        {
            "token": token.text,
            "sub": token.sub,
            "name": token.user.name,
            "roles": list(token.roles),
            "expires_at": token.expires_at,
            "warehouse": world.WAREHOUSES[token.warehouse_id],
            "warehouse_id": token.warehouse_id,
        }
        for token in TOKENS
    ]
