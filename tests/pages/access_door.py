"""The acts of the access matrix as requests to the pages, sent as a forger sends them."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import requests

from tests.access_matrix import GROUPS
from tests.access_stage import AUTHOR, PATCH, Stage, reference_of, time_ago
from tests.support.browser import Browser

OVERVIEWS = {"list": "/groups", "list-live": "/groups/live", "account": "/account"}
"""Acts that are one request for all groups together."""

FORM = {
    "min_memory_gb": "8",
    "max_memory_gb": "64",
    "num_replicas": "2",
    "idle_scaling": "on",
    "idle_timeout_minutes": "10",
    "reason": "the matrix",
    "drawn_from": "vertical:8:16:2:2:1:10",
}


@dataclass(frozen=True)
class PageDoor:
    """One person at the pages: `browser` is theirs, `token` that of the forms they have seen."""

    SENT: ClassVar[dict[str, dict[str, Any]]] = {
        "wake": {"command": "awake"},
        "start": {"command": "start"},
        "own-draft-confirm": PATCH,
    }
    """The only acts here that reach Cloud, and the body that each sends."""

    STATUSES: ClassVar[dict[str, set[int]]] = {
        "shown": {200},
        "listed": {200},
        "absent": {200},
        "done": {303},
        "refused": {403},
        "hidden": {404},
        "ended": {401},
        "sign-in": {303},
        "admin-sign-in": {303},
    }
    TARGETS: ClassVar[dict[str, tuple[str, ...]]] = {
        "done": ("/changes/", "/groups/", "/admin", "/account"),
        "sign-in": ("/sign-in",),
        "admin-sign-in": ("/admin/sign-in",),
    }
    """Where an outcome leads."""

    stage: Stage
    browser: Browser
    token: str

    def ask(self, act: str) -> Iterator[tuple[str, requests.Response]]:
        """Ask for one act on every group, each in the state and with the change that it needs."""
        self.stage.arrange(act)
        if act in OVERVIEWS:
            answer = self.browser.fetch("GET", OVERVIEWS[act])
            yield from ((group, answer) for group in GROUPS)
        else:
            yield from ((group, self._perform(act, group)) for group in GROUPS)

    def names(self, act: str, group: str) -> str:  # noqa: ARG002 - other doors name other things
        """What an overview with the group holds."""
        return GROUPS[group]

    def ask_personal(self, act: str, session_id: int) -> requests.Response:
        """Ask for an act that belongs to no group; `session_id` is somebody else's."""
        path = {
            "admin-area": "/admin",
            "admin-trail": "/admin/trail",
            "admin-freeze": "/admin/freeze",
            "admin-lift-freeze": "/admin/lift-freeze",
            "admin-end-all": "/admin/sessions/end-all-of-user",
            "admin-end-session": f"/admin/sessions/{session_id}/end",
            "account-end-others": f"/account/sessions/{session_id}/end",
        }[act]
        form = {
            "admin-freeze": {"reason": "the matrix"},
            "admin-end-all": {"warehouse": "analytics", "user": "nobody at all"},
        }.get(act, {})
        is_look = act in {"admin-area", "admin-trail"}
        return self.browser.fetch("GET", path) if is_look else self._post(path, form)

    def open_session_of_author(self) -> int:
        """A living session of somebody else; its id."""
        now = time_ago(timedelta())
        self.stage.portal.execute(
            "INSERT INTO sessions (token_hash, is_admin, warehouse, user, roles, address,"
            " created_at, seen_at) VALUES (?, 0, 'analytics', ?, '[]', '', ?, ?)",
            secrets.token_hex(32),
            AUTHOR,
            now,
            now,
        )
        return max(self.list_sessions())

    def list_sessions(self) -> list[int]:
        """The ids of all sessions of the portal."""
        return [int(item) for (item,) in self.stage.portal.execute("SELECT id FROM sessions")]

    def _perform(self, act: str, group: str) -> requests.Response:
        if act.startswith(("own-", "others-")):
            return self._touch_change(act.rpartition("-")[2], reference_of(group))
        parts = {"group": "", "group-live": "/live", "propose": "/scale", "scale-form": "/scale"}
        parts["scale-form-from"] = f"/scale?from={reference_of(group)}"
        path = f"/groups/{self.stage.service_id(group)}{parts.get(act, f'/{act}')}"
        if act in {"propose", "wake", "start", "stop"}:
            return self._post(path, FORM if act == "propose" else {})
        return self.browser.fetch("GET", path)

    def _post(self, path: str, form: dict[str, str]) -> requests.Response:
        fields = {**form, "csrf_token": self.token}
        return self.browser.fetch("POST", path, data=fields, headers={"Origin": self.browser.url})

    def _touch_change(self, part: str, reference: str) -> requests.Response:
        path = f"/changes/{reference}/{part}".removesuffix("/show")
        is_post = part in {"confirm", "settle"}
        return self._post(path, {}) if is_post else self.browser.fetch("GET", path)
