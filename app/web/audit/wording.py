"""How events read on a page: a few words for each kind, and every field for who wants to know."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.audit.events import EventKind, Result, canonical
from app.domain.changes.actions import ACTION_SPECS, Action

KINDS: dict[EventKind, str] = {
    EventKind.LOGIN_SUCCESS: "Password proven",
    EventKind.LOGIN_SUCCESS_AFTER_FAIL: "Password proven after failures",
    EventKind.LOGIN_FAIL: "Sign-in refused",
    EventKind.LOGIN_FAIL_MAX: "Sign-in held back after too many attempts",
    EventKind.AUTHZ_FAIL: "Refused: not allowed",
    EventKind.SESSION_CREATED: "Session begun",
    EventKind.SESSION_RENEWED: "Session renewed",
    EventKind.SESSION_EXPIRED: "Session ended by somebody",
    EventKind.SESSION_LOGOUT: "Signed out",
    EventKind.SESSION_USE_AFTER_EXPIRE: "Ended session used again",
    EventKind.INPUT_VALIDATION_FAIL: "Refused: rules broken",
    EventKind.SEQUENCE_FAIL: "Refused: not at this moment",
    EventKind.MALICIOUS_CSRF: "Refused: sent from elsewhere",
    EventKind.MALICIOUS_DIRECT_REFERENCE: "Refused: belongs to others",
    EventKind.SENSITIVE_CREATE: "Draft written",
    EventKind.SENSITIVE_READ: "Audit trail copied",
    EventKind.SENSITIVE_UPDATE: "Change",
    EventKind.SENSITIVE_DELETE: "Removal",
    EventKind.PERMISSIONS_CHANGED: "Permissions read again",
    EventKind.STARTUP: "Portal started",
    EventKind.SHUTDOWN: "Portal stopped",
}

RESULTS: dict[Result, str] = {
    Result.SUCCESS: "Done",
    Result.FAIL: "Not done",
    Result.DEFER: "Not decided yet",
    Result.UNKNOWN: "Outcome not known",
}

ACTIONS = {
    "confirm": "confirmed, about to be sent",
    "not_sent": "not sent",
    "outcome": "outcome",
    "close_manually": "closed by hand",
    "discard": "draft taken out",
    "freeze": "all changes switched off",
    "lift_freeze": "all changes switched on",
    "prune": "old events of the audit trail",
    "not_kept": "more of these than are kept",
    "check_anchor": "the audit log was cut off or replaced",
    "accept_audit_log": "the audit log accepted as it is",
}
"""What is said besides the kind, where the kind says too little."""

NOTES = {"not_kept", "check_anchor"}
STEPS = {EventKind.SENSITIVE_UPDATE, EventKind.SENSITIVE_DELETE}


FIGURES = {
    "mode": "Kind of scaling",
    "min_memory_gb": "Least memory per replica in GB",
    "max_memory_gb": "Most memory per replica in GB",
    "min_replicas": "Fewest replicas",
    "max_replicas": "Most replicas",
    "idle_scaling": "Falls asleep when unused",
    "idle_timeout_minutes": "Unused for so many minutes",
}
"""What the figures of a configuration are called."""


def headline_of(line: Mapping[str, Any]) -> str:
    """“Change: scale, outcome, applied”."""
    details = line["details"]
    action = ACTION_SPECS[Action(details["act"])].label.lower() if "act" in details else ""
    kind = EventKind(line["kind"])
    # The words tell what was done, which a refusal was not.
    is_step = kind in STEPS or line["action"] in NOTES
    done = ACTIONS.get(line["action"], "") if is_step else ""
    said = [text for text in (action, done, details.get("state", "")) if text]
    return f"{KINDS[kind]}: {', '.join(said)}" if said else KINDS[kind]


def differences_of(line: Mapping[str, Any]) -> list[str]:
    """“Most replicas: 3 → 5”, for each figure that was to change, in the order of the form."""
    diff = line["details"].get("diff") or {}
    return [
        f"{words}: {_shown(diff[name][0])} → {_shown(diff[name][1])}"
        for name, words in FIGURES.items()
        if name in diff
    ]


def fields_of(line: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every field that says something, by its name."""
    return [(name, text) for name, text in _flat(line, "") if text]


def _shown(value: Any) -> str:  # noqa: ANN401 - plain JSON
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not set" if value is None else str(value)


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - plain JSON
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{name} {_words(key)}".strip())
    elif isinstance(value, str):
        yield name, value
    elif value not in (None, []):
        yield name, canonical(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
