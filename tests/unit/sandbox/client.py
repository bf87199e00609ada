"""A small client of the sandbox: the Cloud API, the stand-ins, and the controls."""

from typing import Any

import requests

from app.sandbox.server import Sandbox

TIMEOUT_SECONDS = 10
STATES = (
    "provisioning",
    "starting",
    "running",
    "partially_running",
    "degraded",
    "awaking",
    "idle",
    "stopping",
    "stopped",
    "terminating",
    "terminated",
    "softdeleting",
    "softdeleted",
    "failed",
)
LOGIN_QUERY = (
    "SELECT currentUser() AS user, version() AS version, "
    "(SELECT groupArray(role_name) FROM system.enabled_roles) AS roles FORMAT JSONEachRow"
)


class Client:
    """Calls a running sandbox over real sockets."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.world = sandbox.world()
        self.key = (self.world["api_key_id"], self.world["api_key_secret"])
        self.organization = f"/v1/organizations/{self.world['organization_id']}"

    def service_id(self, name: str) -> str:
        """Return the id of the service whose name ends like this."""
        return str(next(s["id"] for s in self.world["services"] if s["name"].endswith(name)))

    def endpoint(self, name: str) -> str:
        """Return the address of the stand-in of the service whose name ends like this."""
        found = next(s for s in self.world["services"] if s["name"].endswith(name))
        return str(found["endpoint_url"])

    def api(
        self,
        method: str,
        path: str,
        json: object = None,
        **options: Any,  # noqa: ANN401 -- passed on to requests
    ) -> requests.Response:
        """Call the Cloud API; a path that starts with `services` is the organisation's."""
        full = path if path.startswith("/") else f"{self.organization}/{path}"
        options = {"auth": self.key, "json": json, "timeout": TIMEOUT_SECONDS, **options}
        return requests.request(method, self.world["url"] + full, **options)  # noqa: S113 -- in options

    def service(self, name: str) -> dict[str, Any]:
        """Read one service."""
        result: dict[str, Any] = self.api("GET", f"services/{self.service_id(name)}").json()
        return result["result"]  # type: ignore[no-any-return] # the answer's shape is tested apart

    def scale(
        self,
        name: str,
        body: object,
        **options: Any,  # noqa: ANN401 -- passed on to requests
    ) -> requests.Response:
        """PATCH the scaling of one service."""
        path = f"services/{self.service_id(name)}/replicaScaling"
        return self.api("PATCH", path, body, **options)

    def command(self, name: str, command: object) -> requests.Response:
        """PATCH the state of one service."""
        return self.api("PATCH", f"services/{self.service_id(name)}/state", {"command": command})

    def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Use what exists in the sandbox only; the answer must be 200."""
        url = f"{self.world['url']}/_sandbox{path}"
        response = requests.request(method, url, json=body, timeout=TIMEOUT_SECONDS)
        assert response.status_code == 200, response.text
        result: dict[str, Any] = response.json()
        return result

    def advance(self, seconds: float) -> None:
        """Move the sandbox clock."""
        self.control("POST", "/advance", {"seconds": seconds})

    def force(self, name: str, /, **fields: object) -> None:
        """Put fields of a service in place."""
        self.control("POST", f"/services/{self.service_id(name)}", fields)

    def show(self, name: str, /, **order: object) -> None:
        """Have answers show a service as ordered."""
        self.control("POST", f"/services/{self.service_id(name)}/shown", order)

    def set_visibility(self, name: str, visibility: str) -> None:
        """Hide a service, take it out of the list, delete it, or show it again."""
        path = f"/services/{self.service_id(name)}/visibility"
        self.control("POST", path, {"visibility": visibility})

    def set_up(self, **settings: object) -> None:
        """Change settings of the sandbox as a whole."""
        self.control("POST", "/settings", settings)

    def listed(self, query: str = "") -> list[Any]:
        """Read the list of services."""
        result: list[Any] = self.api("GET", f"services{query}").json()["result"]
        return result

    def connections(self, name: str) -> int:
        """Count the connections that a stand-in has had."""
        return int(self.control("GET", "/requests")["connections"][self.service_id(name)])

    def log_in(
        self, name: str, user: str, password: str, query: str = LOGIN_QUERY
    ) -> requests.Response:
        """Ask a stand-in who I am, as the portal does."""
        headers = {"X-ClickHouse-User": user.encode(), "X-ClickHouse-Key": password.encode()}
        return requests.post(
            self.endpoint(name), data=query.encode(), headers=headers, timeout=TIMEOUT_SECONDS
        )
