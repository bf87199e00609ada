"""The sandbox inside the test process, and what tests ask of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from app.sandbox.server import Sandbox

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Person:
    """Somebody of the sandbox's world; `warehouse` is the key in the portal's configuration."""

    name: str
    password: str
    warehouse: str


class RunningSandbox:
    """A sandbox on free ports; names are those of its world ("Analytics primary", "alice").

    `control` speaks to /_sandbox over HTTP as anybody may; the rest are its shorthands.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.world = sandbox.world()
        self.url = str(self.world["url"])
        self._ids = {item["name"]: str(item["id"]) for item in self.world["services"]}

    def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Use what exists in the sandbox only; the answer must be 200."""
        response = requests.request(
            method, f"{self.url}/_sandbox{path}", json=body, timeout=TIMEOUT_SECONDS
        )
        assert response.status_code == 200, response.text
        result: dict[str, Any] = response.json()
        return result

    def reset(self, *, rate_limit: int | None = None) -> None:
        """Go back to the beginning; without the limit of 10 requests in 10 s unless asked."""
        self._sandbox.reset()
        self.control("POST", "/settings", {"rate_limit": rate_limit})

    def service_id(self, name: str) -> str:
        """The id of a service."""
        return self._ids[name]

    def person(self, name: str) -> Person:
        """A user by name; `default` is the one of Analytics."""
        user = next(item for item in self.world["users"] if item["name"] == name)
        return Person(name, user["password"], str(user["warehouse"]).lower())

    def requests(self, side: str | None = None) -> list[dict[str, Any]]:
        """Every request received, oldest first; of one side ("cloud", "clickhouse") if named."""
        listed: list[dict[str, Any]] = self._sandbox.requests()["requests"]
        return [item for item in listed if side in {None, item["side"]}]

    def writes(self) -> list[dict[str, Any]]:
        """Every request of the Cloud side that was no GET."""
        return [item for item in self.requests("cloud") if item["method"] != "GET"]

    def patches(self) -> list[dict[str, Any]]:
        """The body of every PATCH received, oldest first."""
        return [item["body"] for item in self.requests("cloud") if item["method"] == "PATCH"]

    def connections(self, name: str) -> int:
        """How many connections the endpoint of a service has had."""
        return int(self._sandbox.requests()["connections"][self.service_id(name)])

    def fault(self, match: str, kind: str, **fields: object) -> None:
        """Order a fault for the next request that matches "METHOD path"."""
        self.control("POST", "/faults", {"match": match, "kind": kind, **fields})

    def clear_faults(self) -> None:
        """Forget all faults and let go what they hold."""
        self.control("DELETE", "/faults")

    def force(self, name: str, /, **fields: object) -> None:
        """Put fields of a service in place; None takes one away."""
        self.control("POST", f"/services/{self.service_id(name)}", fields)

    def advance(self, seconds: float) -> None:
        """Skip sandbox time."""
        self.control("POST", "/advance", {"seconds": seconds})


@contextmanager
def running_sandbox() -> Iterator[RunningSandbox]:
    """A sandbox on free ports of this machine, stopped at the end."""
    with Sandbox.start(port=0) as sandbox:
        yield RunningSandbox(sandbox)
