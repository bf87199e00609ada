"""The acts of the access matrix as requests to the pages, sent as a forger sends them."""

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

import requests

from tests.access_matrix import GROUPS, Row
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

AUTHOR = "zoe-the-author"  # long enough never to stand in a token by chance
"""Whose drafts and changes those of others are; she never signs in."""

OVERVIEWS = {"list": "/groups", "list-live": "/groups/live", "account": "/account"}
"""Acts that are one request for all groups together."""

STATES = {"wake": "idle", "start": "stopped"}
"""The state in which an act makes sense; elsewhere it is `running`."""

ALIKE = {
    "autoscalingMode": "vertical",
    "minReplicaMemoryGb": 8,
    "maxReplicaMemoryGb": 16,
    "numReplicas": 2,
    "idleScaling": True,
    "idleTimeoutMinutes": 10,
}
"""Every group gets this configuration, so that one form and one draft fit all of them."""

CONFIG = {
    "mode": "vertical",
    "min_memory_gb": 8,
    "max_memory_gb": 16,
    "min_replicas": 2,
    "max_replicas": 2,
    "idle_scaling": True,
    "idle_timeout_minutes": 10,
}
TARGET = CONFIG | {"max_memory_gb": 32}
PATCH = {"maxReplicaMemoryGb": 32}
FORM = {
    "min_memory_gb": "8",
    "max_memory_gb": "64",
    "num_replicas": "2",
    "idle_scaling": "on",
    "idle_timeout_minutes": "10",
    "reason": "the matrix",
    "drawn_from": "vertical:8:16:2:2:1:10",
}

INSERT = """INSERT INTO changes (reference, act, service_id, warehouse, user, state, before, target,
    patch, reason, settled_note, created_at, sent_at, settled_at) VALUES """

KINDS: dict[str, tuple[str, timedelta | None, timedelta | None]] = {
    "draft": ("draft", None, None),
    "change": ("applied", timedelta(hours=3), timedelta(hours=3)),
    "stuck": ("unknown", timedelta(minutes=1), None),
}
"""Kind of change -> its state, how long ago it was sent and settled."""


@dataclass
class Door:
    """One person at the pages: `browser` is theirs, `token` that of the forms they have seen."""

    portal: PortalProcess
    sandbox: RunningSandbox
    browser: Browser
    row: Row
    token: str
    _arranged: tuple[str, str, str] | None = None

    def ask(self, act: str) -> Iterator[tuple[str, requests.Response]]:
        """Ask for one act on every group, each in the state and with the change that it needs."""
        self._arrange(act)
        if act in OVERVIEWS:
            answer = self.browser.fetch("GET", OVERVIEWS[act])
            yield from ((group, answer) for group in GROUPS)
        else:
            yield from ((group, self._perform(act, group)) for group in GROUPS)

    def ask_personal(self, act: str, session_id: int) -> requests.Response:
        """Ask for an act that belongs to no group; `session_id` is somebody else's."""
        path = {
            "admin-area": "/admin",
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
        return self.browser.fetch("GET", path) if act == "admin-area" else self._post(path, form)

    def open_session_of_author(self) -> int:
        """A living session of somebody else; its id."""
        now = _ago(timedelta())
        self.portal.execute(
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
        return [int(item) for (item,) in self.portal.execute("SELECT id FROM sessions")]

    def _arrange(self, act: str) -> None:
        found = re.match(r"(own|others)-(draft|change|stuck)", act)
        whose, kind = (found[1], found[2]) if found else ("others", "draft")
        state = STATES.get(act, "running")
        if self._arranged == (state, whose, kind):
            return
        self._arranged = (state, whose, kind)
        for name in GROUPS.values():
            self.sandbox.force(name, state=state, **ALIKE)
        self._write_changes(whose, kind)

    def _perform(self, act: str, group: str) -> requests.Response:
        if act.startswith(("own-", "others-")):
            return self._touch_change(act.rpartition("-")[2], _reference(group))
        parts = {"group": "", "group-live": "/live", "propose": "/scale", "scale-form": "/scale"}
        parts["scale-form-from"] = f"/scale?from={_reference(group)}"
        path = f"/groups/{self.sandbox.service_id(GROUPS[group])}{parts.get(act, f'/{act}')}"
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

    def _write_changes(self, whose: str, kind: str) -> None:
        rows = [self._change(group, whose, kind) for group in GROUPS]
        marks = ", ".join(f"({', '.join('?' * len(row))})" for row in rows)
        self.portal.execute("DELETE FROM changes")
        self.portal.execute(INSERT + marks, *chain.from_iterable(rows))

    def _change(self, group: str, whose: str, kind: str) -> list[str | None]:
        state, sent, settled = KINDS[kind]
        # What is stuck was drawn from another configuration, so that reading back cannot settle it.
        before = CONFIG | {"max_memory_gb": 12} if kind == "stuck" else CONFIG
        warehouse = "marketing" if group == "campaigns" else "analytics"
        return [
            _reference(group),
            "scale",
            self.sandbox.service_id(GROUPS[group]),
            warehouse if whose == "others" else self.row.warehouse,
            AUTHOR if whose == "others" else self.row.person,
            state,
            *(json.dumps(item) for item in (before, TARGET, PATCH)),
            "the matrix",
            "",
            _ago(timedelta()),
            _ago(sent) if sent else None,
            _ago(settled) if settled else None,
        ]


def _ago(time: timedelta) -> str:
    return (datetime.now(UTC) - time).strftime("%Y-%m-%d %H:%M:%S.%f")


def _reference(group: str) -> str:
    return f"AAAA-AAA{list(GROUPS).index(group) + 2}"
