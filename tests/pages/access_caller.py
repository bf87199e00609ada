"""The actions of the access matrix as requests to the pages, sent as a forger sends them."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import requests

from tests.access_matrix import GROUPS
from tests.access_portal import AUTHOR, PATCH, AccessPortal, reference_of, time_ago
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
class PageChannel:
    """One person at the pages: `browser` is theirs, `token` that of the forms they have seen."""

    SENT: ClassVar[dict[str, dict[str, Any]]] = {
        "wake": {"command": "awake"},
        "start": {"command": "start"},
        "own-draft-confirm": PATCH,
    }
    """The only actions here that reach Cloud, and the body that each sends."""

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

    portal: AccessPortal
    browser: Browser
    token: str

    def ask(self, action: str) -> Iterator[tuple[str, requests.Response]]:
        """Try one action on every group, each in the state and with the change that it needs."""
        self.portal.arrange(action)
        if action in OVERVIEWS:
            answer = self.browser.fetch("GET", OVERVIEWS[action])
            yield from ((group, answer) for group in GROUPS)
        else:
            yield from ((group, self._perform(action, group)) for group in GROUPS)

    def names(self, action: str, group: str) -> str:  # noqa: ARG002 - other doors name other things
        """What an overview with the group holds."""
        return GROUPS[group]

    def ask_personal(self, action: str, session_id: int) -> requests.Response:
        """Ask for an action that belongs to no group; `session_id` is somebody else's."""
        path = {
            "admin-area": "/admin",
            "admin-audit": "/admin/audit",
            "admin-freeze": "/admin/freeze",
            "admin-lift-freeze": "/admin/lift-freeze",
            "admin-end-all": "/admin/sessions/end-all-of-user",
            "admin-end-session": f"/admin/sessions/{session_id}/end",
            "account-end-others": f"/account/sessions/{session_id}/end",
        }[action]
        form = {
            "admin-freeze": {"reason": "the matrix"},
            "admin-end-all": {"warehouse": "analytics", "user": "nobody at all"},
        }.get(action, {})
        is_read = action in {"admin-area", "admin-audit"}
        return self.browser.fetch("GET", path) if is_read else self._post(path, form)

    def open_session_of_author(self) -> int:
        """A living session of somebody else; its id."""
        now = time_ago(timedelta())
        self.portal.portal.execute(
            "INSERT INTO sessions (token_hash, is_admin, warehouse, user, roles, address,"
            " created_at, seen_at, verified_at) VALUES (?, 0, 'analytics', ?, '[]', '', ?, ?, ?)",
            secrets.token_hex(32),
            AUTHOR,
            now,
            now,
            now,
        )
        return max(self.list_sessions())

    def list_sessions(self) -> list[int]:
        """The ids of all sessions of the portal."""
        return [int(item) for (item,) in self.portal.portal.execute("SELECT id FROM sessions")]

    def _perform(self, action: str, group: str) -> requests.Response:
        if action.startswith(("own-", "others-")):
            return self._touch_change(action.rpartition("-")[2], reference_of(group))
        parts = {"group": "", "group-live": "/live", "propose": "/scale", "scale-form": "/scale"}
        parts["scale-form-from"] = f"/scale?from={reference_of(group)}"
        path = f"/groups/{self.portal.service_id(group)}{parts.get(action, f'/{action}')}"
        if action in {"propose", "wake", "start", "stop"}:
            return self._send(action, path)
        return self.browser.fetch("GET", path)

    def _post(self, path: str, form: dict[str, str]) -> requests.Response:
        fields = {**form, "csrf_token": self.token}
        return self.browser.fetch("POST", path, data=fields, headers={"Origin": self.browser.url})

    def _send(self, action: str, path: str) -> requests.Response:
        answer = self._post(path, FORM if action == "propose" else {})
        review = re.fullmatch(r"(/changes/[0-9A-Z-]+)/review", answer.headers.get("Location", ""))
        if action not in {"wake", "start"} or not review:
            return answer
        # Where the owners want a reason, it is asked for before anything is sent.
        return self._post(f"{review[1]}/confirm", {"reason": "The matrix"})

    def _touch_change(self, part: str, reference: str) -> requests.Response:
        path = f"/changes/{reference}/{part}".removesuffix("/show")
        is_post = part in {"confirm", "close"}
        return self._post(path, {}) if is_post else self.browser.fetch("GET", path)
