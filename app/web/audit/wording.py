"""How events read on a page: a few words for each kind, and every field for who wants to know."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.audit.events import EventKind, Result, canonical
from app.domain.changes.actions import ACTION_SPECS, Action

KINDS: dict[str, str] = {
    EventKind.LOGIN_SUCCESS: "Password verified",
    EventKind.LOGIN_SUCCESS_AFTER_FAIL: "Password verified after failures",
    EventKind.LOGIN_FAIL: "Sign-in failed",
    EventKind.LOGIN_FAIL_MAX: "Sign-in throttled",
    EventKind.AUTHZ_FAIL: "Rejected: not allowed",
    EventKind.SESSION_CREATED: "Signed in",
    EventKind.SESSION_RENEWED: "Session renewed",
    EventKind.SESSION_EXPIRED: "Session ended",
    EventKind.SESSION_LOGOUT: "Signed out",
    EventKind.SESSION_USE_AFTER_EXPIRE: "Ended session used again",
    EventKind.INPUT_VALIDATION_FAIL: "Rejected: validation",
    EventKind.SEQUENCE_FAIL: "Rejected: conflict",
    EventKind.MALICIOUS_CSRF: "Rejected: sent from another site",
    EventKind.MALICIOUS_DIRECT_REFERENCE: "Rejected: belongs to others",
    EventKind.SENSITIVE_CREATE: "Change drafted",
    EventKind.SENSITIVE_READ: "Audit log exported",
    EventKind.SENSITIVE_UPDATE: "Change",
    EventKind.SENSITIVE_DELETE: "Removal",
    EventKind.PERMISSIONS_CHANGED: "Permissions reloaded",
    EventKind.STARTUP: "Portal started",
    EventKind.SHUTDOWN: "Portal stopped",
}

RESULTS: dict[str, str] = {
    Result.SUCCESS: "Succeeded",
    Result.FAIL: "Failed",
    Result.DEFER: "Pending",
    Result.UNKNOWN: "Unknown",
}

ACTIONS = {
    "confirm": "confirmed, about to be sent",
    "not_sent": "not sent",
    "outcome": "outcome",
    "close_manually": "closed manually",
    "discard": "draft discarded",
    "boost_extend": "boost extended",
    "boost_end": "boost ended early",
    "boost_closed": "boost over",
    "boost_revert_failed": "going back after a boost failed",
    "boost_revert_waits": "going back after a boost waits",
    "boost_revert_failing": "going back after a boost keeps failing",
    "freeze": "changes frozen",
    "lift_freeze": "freeze lifted",
    "save_schedule": "schedule saved",
    "remove_schedule": "schedule removed",
    "skip_window": "next window skipped",
    "pause_schedule": "schedule paused",
    "resume_schedule": "schedule resumed",
    "hand_over_schedule": "schedule given to ClickHouse Cloud",
    "take_back_schedule": "schedule taken back from ClickHouse Cloud",
    "budget_step": "a step of the budget reached",
    "prune": "old audit log events",
    "not_kept": "more of these than are kept",
    "check_anchor": "the audit log was cut off or replaced",
    "accept_audit_log": "the audit log accepted as it is",
}
"""What is said besides the kind, where the kind says too little."""

NOTES = {"not_kept", "check_anchor"}
STEPS = {EventKind.SENSITIVE_UPDATE, EventKind.SENSITIVE_DELETE}


FIGURES = {
    "mode": "Scaling mode",
    "min_memory_gb": "Minimum memory per replica in GB",
    "max_memory_gb": "Maximum memory per replica in GB",
    "min_replicas": "Minimum replicas",
    "max_replicas": "Maximum replicas",
    "idle_scaling": "Allow idling",
    "idle_timeout_minutes": "Idle timeout in minutes",
}
"""What the figures of a configuration are called."""

BEFORE_AND_AFTER = 2


def headline_of(line: Mapping[str, Any]) -> str:
    """“Change: scale, outcome, applied”."""
    details = line["details"]
    kind, action = line["kind"], _action_words(details.get("act", ""))
    # The words tell what was done, which a refusal was not.
    is_step = kind in STEPS or line["action"] in NOTES
    done = ACTIONS.get(line["action"], "") if is_step else ""
    said = [text for text in (action, done, details.get("state", "")) if text]
    words = KINDS.get(kind) or _words(kind).capitalize()
    return f"{words}: {', '.join(map(str, said))}" if said else words


def result_of(line: Mapping[str, Any]) -> str:
    """“Succeeded”; as it is written where another version of the portal has other words."""
    return RESULTS.get(line["result"]) or _words(line["result"]).capitalize()


def differences_of(line: Mapping[str, Any]) -> list[str]:
    """“Maximum replicas: 3 → 5”, for each figure that was to change, in the order of the form."""
    diff = line["details"].get("diff")
    pairs = diff if isinstance(diff, Mapping) else {}
    return [
        f"{words}: {_formatted(pair[0])} → {_formatted(pair[1])}"
        for name, words in FIGURES.items()
        if isinstance(pair := pairs.get(name), list) and len(pair) == BEFORE_AND_AFTER
    ]


def fields_of(line: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every field that says something, by its name."""
    return [(name, text) for name, text in _flat(line, "") if text]


def _action_words(act: object) -> str:
    try:
        return ACTION_SPECS[Action(str(act))].label.lower()
    except ValueError:  # of another version, or none at all
        return _words(str(act))


def _formatted(value: Any) -> str:  # noqa: ANN401 - plain JSON
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
