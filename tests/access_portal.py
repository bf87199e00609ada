"""The state and change that every group has while an action of the access matrix is tried."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain

from tests.access_matrix import GROUPS, Row
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

AUTHOR = "zoe-the-author"  # long enough never to stand in a token by chance
"""Whose drafts and changes those of others are; she never signs in."""

STATES = {"wake": "idle", "start": "stopped"}
"""The state in which an action makes sense; elsewhere it is `running`."""

ALIKE = {
    "autoscalingMode": "vertical",
    "minReplicaMemoryGb": 8,
    "maxReplicaMemoryGb": 16,
    "numReplicas": 2,
    "idleScaling": True,
    "idleTimeoutMinutes": 10,
}
"""Every group gets this configuration, so that one request and one draft fit all of them."""

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

INSERT = """INSERT INTO changes (reference, act, service_id, warehouse, user, state, before, target,
    patch, reason, settled_note, created_at, sent_at, settled_at) VALUES """

KINDS: dict[str, tuple[str, timedelta | None, timedelta | None]] = {
    "draft": ("draft", None, None),
    "change": ("applied", timedelta(hours=3), timedelta(hours=3)),
    "stuck": ("unknown", timedelta(minutes=1), None),
}
"""Kind of change -> its state, how long ago it was sent and settled."""


@dataclass
class AccessPortal:
    """The groups of one portal, before one person."""

    portal: PortalProcess
    sandbox: RunningSandbox
    row: Row
    _arranged: tuple[str, str, str, str] | None = None

    def arrange(self, action: str, group: str = "") -> None:
        """Put every group into the state, and beside the change, that the action needs; the others
        run where a `group` is named."""
        found = re.match(r"(own|others)-(draft|change|stuck)", action)
        owner, kind = (found[1], found[2]) if found else ("others", "draft")
        state = STATES.get(action, "running")
        if self._arranged == (state, owner, kind, group):
            return
        self._arranged = (state, owner, kind, group)
        for key, name in GROUPS.items():
            self.sandbox.force(name, state=state if group in {"", key} else "running", **ALIKE)
        self._write_changes(owner, kind)

    def spoil(self) -> None:
        """Something was sent: the next action needs the groups as they were."""
        self._arranged = None

    def service_id(self, group: str) -> str:
        """The id of a group by its short name."""
        return self.sandbox.service_id(GROUPS[group])

    def _write_changes(self, owner: str, kind: str) -> None:
        rows = [self._change(group, owner, kind) for group in GROUPS]
        marks = ", ".join(f"({', '.join('?' * len(row))})" for row in rows)
        self.portal.execute("DELETE FROM changes")
        self.portal.execute(INSERT + marks, *chain.from_iterable(rows))

    def _change(self, group: str, owner: str, kind: str) -> list[str | None]:
        state, sent, settled = KINDS[kind]
        # What is stuck was drawn from another configuration, so that reading back cannot settle it.
        before = CONFIG | {"max_memory_gb": 12} if kind == "stuck" else CONFIG
        of = warehouse_of(group)
        warehouse, user = (of, AUTHOR) if owner == "others" else self.row.owner_in(of)
        return [
            reference_of(group),
            "scale",
            self.service_id(group),
            warehouse,
            user,
            state,
            *(json.dumps(item) for item in (before, TARGET, PATCH)),
            "the matrix",
            "",
            time_ago(timedelta()),
            time_ago(sent) if sent else None,
            time_ago(settled) if settled else None,
        ]


def warehouse_of(group: str) -> str:
    """The key of a group's warehouse."""
    return "marketing" if group == "campaigns" else "analytics"


def reference_of(group: str) -> str:
    """The name of the change beside a group."""
    return f"AAAA-AAA{list(GROUPS).index(group) + 2}"


def time_ago(time: timedelta) -> str:
    """A moment in the past, as the records hold it."""
    return (datetime.now(UTC) - time).strftime("%Y-%m-%d %H:%M:%S.%f")
