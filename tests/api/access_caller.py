"""The actions of the access matrix as calls of the JSON API, ids swapped wherever one can stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import requests

from tests.access_matrix import GROUPS
from tests.access_portal import STATES, AccessPortal, reference_of, warehouse_of
from tests.api.client import ApiClient

SIZE: dict[str, Any] = {
    "min_memory_gb": 8,
    "max_memory_gb": 64,
    "num_replicas": 2,
    "idle_timeout_minutes": 10,
    "reason": "the matrix",
}
PATCH = {"maxReplicaMemoryGb": 64}
COMMANDS = ("wake", "start", "stop")


@dataclass(frozen=True)
class ApiChannel:
    """One person as a program; without a name and password where they are nobody."""

    SENT: ClassVar[dict[str, dict[str, Any]]] = {
        "propose": PATCH,
        "boost": PATCH,
        "old-scaling": PATCH,
        "old-scaling-plain": PATCH,
        "wake": {"command": "awake"},
        "start": {"command": "start"},
        "stop": {"command": "stop"},
    }
    """The only actions here that reach Cloud, and the body that each sends."""

    STATUSES: ClassVar[dict[str, set[int]]] = {
        "shown": {200},
        "listed": {200},
        "absent": {200},
        "done": {200, 201},
        "refused": {403},
        "hidden": {404},
        "unproven": {401},
        "no-check": {409, 503},
        "broken": {422},
        "scheduled": {409},
        "no-plan": {404, 409},
    }
    TARGETS: ClassVar[dict[str, tuple[str, ...]]] = {"done": ("/api/v1/", "")}

    portal: AccessPortal
    client: ApiClient

    def ask(self, action: str) -> Iterator[tuple[str, requests.Response]]:
        """Try one action on every group, each in the state and with the change that it needs.

        Where that is not running, others run, which can check the password.
        """
        for group in GROUPS:
            self.portal.arrange(action, group if action in STATES else "")
            yield group, self._perform(action, group)
        if action in self.SENT:
            self.portal.spoil()

    def names(self, action: str, group: str) -> str:
        """What a list with the group, or with its change, holds."""
        return GROUPS[group] if action == "list" else reference_of(group)

    def _perform(self, action: str, group: str) -> requests.Response:
        first, _, legacy_action = action.partition("-")
        if action == "list":
            return self._get(f"/api/v1/groups?warehouse={warehouse_of(group)}")
        if first == "old":
            return self._perform_old(legacy_action, group)
        if first in {"own", "others"} and action.endswith("-show"):
            return self._get(f"/api/v1/changes/{reference_of(group)}")
        if first in {"own", "others"}:
            return self._get(self._path(group, "/changes"))
        if first in {"boost", "schedule"}:
            return (self._boost if first == "boost" else self._plan)(legacy_action, group)
        return self._get(self._path(group)) if action == "group" else self._change(action, group)

    def _boost(self, action: str, group: str) -> requests.Response:
        path = self._path(group, "/boosts")
        if action == "list":
            return self._get(path)
        return self._post(path, SIZE | {"minutes": 60, "dry_run": action == "dry-run"})

    def _plan(self, action: str, group: str) -> requests.Response:
        path = self._path(group, "/schedule")
        if action == "show":
            return self._get(path)
        method = "POST" if action == "hand-over" else "DELETE"
        return self.client.send(method, f"{path}/cloud", None, json={}).response

    def _change(self, action: str, group: str) -> requests.Response:
        other = list(GROUPS)[list(GROUPS).index(group) - 1]
        if action.startswith(COMMANDS):
            named = GROUPS[other if action == "stop-other-name" else group]
            body: dict[str, Any] = {"command": action.partition("-")[0], "confirm_name": named}
            body["reason"] = "The matrix"
            return self._post(self._path(group, "/state"), body)
        more: dict[str, dict[str, Any]] = {
            "propose": {},
            "propose-other-id": {"service_id": self.portal.service_id(other)},
            "dry-run": {"dry_run": True},
        }
        return self._post(self._path(group, "/changes"), SIZE | more[action])

    def _perform_old(self, action: str, group: str) -> requests.Response:
        fields = {"service_id": self.portal.service_id(group)}
        name, is_plain, _ = action.partition("-plain")
        client, credentials = self.client, self.client.session.auth
        if is_plain and isinstance(credentials, tuple):
            fields |= {"username": credentials[0], "password": credentials[1]}
            client = ApiClient(self.client.url)
        if name == "scaling":
            return client.send("POST", "/scaling", None, json=SIZE | fields).response
        return client.send("GET", f"/service/{name}", None, params=fields).response

    def _path(self, group: str, part: str = "") -> str:
        return f"/api/v1/groups/{self.portal.service_id(group)}{part}"

    def _get(self, path: str) -> requests.Response:
        return self.client.send("GET", path, None).response

    def _post(self, path: str, body: dict[str, Any]) -> requests.Response:
        return self.client.send("POST", path, None, json=body).response
