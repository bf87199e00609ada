"""What the audit log holds: one event, its one text, and the hash that chains it to the last.

The names of the kinds are those of the OWASP logging vocabulary.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from app.domain.storable import storable

GENESIS_HASH = "0" * 64
"""What the first event has in place of the hash of the one before."""

LONGEST = {"warehouse": 64, "service_id": 36, "reference": 16}
"""Characters of what stands in a column of its own; the rest of a longer text is cut off."""


class EventKind(StrEnum):
    """What happened."""

    LOGIN_SUCCESS = "authn_login_success"
    LOGIN_SUCCESS_AFTER_FAIL = "authn_login_successafterfail"
    LOGIN_FAIL = "authn_login_fail"
    LOGIN_FAIL_MAX = "authn_login_fail_max"
    AUTHZ_FAIL = "authz_fail"
    SESSION_CREATED = "session_created"
    SESSION_RENEWED = "session_renewed"
    SESSION_EXPIRED = "session_expired"
    SESSION_LOGOUT = "session_logout"
    SESSION_USE_AFTER_EXPIRE = "session_use_after_expire"
    INPUT_VALIDATION_FAIL = "input_validation_fail"
    SEQUENCE_FAIL = "sequence_fail"
    MALICIOUS_CSRF = "malicious_csrf"
    MALICIOUS_DIRECT_REFERENCE = "malicious_direct_reference"
    SENSITIVE_CREATE = "sensitive_create"
    SENSITIVE_READ = "sensitive_read"
    SENSITIVE_UPDATE = "sensitive_update"
    SENSITIVE_DELETE = "sensitive_delete"
    PERMISSIONS_CHANGED = "privilege_permissions_changed"
    STARTUP = "sys_startup"
    SHUTDOWN = "sys_shutdown"


class Result(StrEnum):
    """How it ended. DEFER: nothing is decided yet; UNKNOWN: nobody can tell."""

    SUCCESS = "success"
    FAIL = "fail"
    DEFER = "defer"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How somebody came in. PORTAL: nobody did, the portal acts by itself."""

    PAGE = "page"
    API = "api"
    COMMAND = "command"
    PORTAL = "portal"


@dataclass(frozen=True)
class Origin:
    """Where an action comes from. `session` is the beginning of the hash of the session's token.

    `forwarded_for` is what proxies in front say of the way here, where the portal listens to any.
    """

    channel: Channel
    address: str = ""
    forwarded_for: str = ""
    user_agent: str = ""
    request_id: str = ""
    session: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts, and by what they are known to be that: session, password, …"""

    warehouse: str = ""
    user: str = ""
    method: str = ""
    roles: tuple[str, ...] = ()


NOBODY = Actor()
"""Somebody who proved to be nobody."""


@dataclass(frozen=True)
class AuditTarget:
    """What an action is about: a group, a change of it, or neither."""

    service_id: str = ""
    group: str = ""
    reference: str = ""


@dataclass(frozen=True)
class App:
    """Which portal writes."""

    version: str = ""
    host: str = ""


@dataclass(frozen=True)
class Event:
    """One event. `error` is the stable code of what stood in the way; `details` is plain JSON."""

    kind: EventKind
    time: datetime
    action: str
    result: Result
    origin: Origin
    actor: Actor = NOBODY
    about: AuditTarget = AuditTarget()
    error: str = ""
    app: App = App()
    details: Mapping[str, Any] = field(default_factory=dict)

    def named(self, reference: str) -> "Event":
        """The same event about the change of this name."""
        return replace(self, about=replace(self.about, reference=reference))

    def in_session(self, session: str) -> "Event":
        """The same event in a session that has just begun."""
        return replace(self, origin=replace(self.origin, session=session))

    def with_details(self, **more: Any) -> "Event":  # noqa: ANN401 - plain JSON
        """The same event with more details."""
        return replace(self, details={**self.details, **more})

    def text(self) -> str:
        """The one text of the event: canonical JSON."""
        return canonical(
            {
                "time": moment_text(self.time),
                "kind": self.kind,
                "action": self.action,
                "result": self.result,
                "error": self.error,
                "actor": _bounded({**self.actor.__dict__, "roles": sorted(self.actor.roles)}),
                "source": _source(self.origin),
                "object": _bounded(self.about.__dict__),
                "app": self.app.__dict__,
                "details": self.details,
            }
        )


def _bounded(values: Mapping[str, Any]) -> dict[str, Any]:
    # The chain is verified by comparing text and columns, so the text has what fits in these.
    cut = {name: storable(values[name], most) for name, most in LONGEST.items() if name in values}
    return {**values, **cut}


def _source(origin: Origin) -> dict[str, str]:
    # Programs outside read the channel under this name, and older events have it.
    values = dict(origin.__dict__)
    return {"door": values.pop("channel"), **values}


def moment_text(moment: datetime) -> str:
    """A moment in UTC with its offset; texts sort as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(value: Any) -> str:  # noqa: ANN401 - plain JSON
    """The one way to write a value: sorted names, no blanks, printable ASCII and nothing else.

    So no mark in a name or reason can end a line, steer a terminal or turn the reading direction.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.replace("\x7f", "\\u007f")


def plain(text: str) -> str:
    """A text as it stands inside canonical JSON, for columns that are searched."""
    return canonical(text)[1:-1]


def entry_hash(seq: int, prev_hash: str, text: str) -> str:
    """The hash of an event at its place in the chain."""
    return hashlib.sha256(f"{prev_hash}\n{seq}\n{text}".encode()).hexdigest()


def columns_of(values: Mapping[str, Any]) -> dict[str, str]:
    """What is kept beside the text of an event to find it by; `values` is the parsed text."""
    return {
        "time": values["time"],
        "kind": values["kind"],
        "result": values["result"],
        "warehouse": values["actor"]["warehouse"],
        "user": plain(values["actor"]["user"]),
        "service_id": values["object"]["service_id"],
        "reference": values["object"]["reference"],
    }
