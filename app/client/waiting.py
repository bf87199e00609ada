"""Waiting until a change shows in what runs, also while the portal is restarted."""

import time
from collections.abc import Callable
from typing import Any

from .exits import CommandError, Exit
from .output import tell
from .portal import Portal, Unreachable

STEP_SECONDS = 3.0
OPEN = {"applying", "unknown"}
DONE = {"applied", "unchanged"}
SUPERSEDED, STOPPED = "superseded", "waits_for_start"
ON_ITS_WAY = {"on_its_way", "waits_for_schedule", STOPPED, "not_known"}
AWAY = {"http_502", "http_503", "http_504", "store_unavailable", "http_error", "not_the_portal"}
BUSY = {"http_429", "too_many_attempts", "portal_busy"}
"""Codes of answers that a portal gives, or a proxy in front of it, while it is restarted, or
asked too often."""


def wait_for(
    portal: Portal,
    reference: str,
    timeout_seconds: float,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """The change once nothing more is to come of it.

    Raises CommandError: where it was not done, and after `timeout_seconds`, when it goes on.
    """
    until, change = clock() + timeout_seconds, None
    while True:
        change = _look(portal, reference) or change
        if change and not _is_under_way(change):
            return _done(change)
        if clock() + STEP_SECONDS > until:
            raise _too_long(reference, change or {}, timeout_seconds)
        portal.pause(STEP_SECONDS)


def _look(portal: Portal, reference: str) -> dict[str, Any] | None:
    """The change as it is now; None while the portal cannot say."""
    try:
        found: dict[str, Any] = portal.get_once(f"/api/v1/changes/{reference}")
    except Unreachable:
        tell("The portal does not answer; still waiting.")
        return None
    except CommandError as error:
        if error.code in AWAY | BUSY:
            return None
        raise
    return found


def _is_under_way(change: dict[str, Any]) -> bool:
    is_on_its_way = change["state"] == "applied" and change["effect"] in ON_ITS_WAY
    return change["state"] in OPEN or is_on_its_way


def _too_long(reference: str, change: dict[str, Any], seconds: float) -> CommandError:
    why = "The group is stopped: cgp start starts it. " if change.get("effect") == STOPPED else ""
    return CommandError(
        f"Change {reference} is not in effect after {seconds:.0f} s. {why}It goes on: cgp changes "
        f"shows it.",
        Exit.WAITED_TOO_LONG,
        "waited_too_long",
        change_reference=reference,
    )


def _done(change: dict[str, Any]) -> dict[str, Any]:
    reference, state = change["reference"], str(change["state"])
    if change["effect"] == SUPERSEDED:
        raise CommandError(
            f"Change {reference} is not in effect: another one took its place. cgp changes shows "
            f"it.",
            code=SUPERSEDED,
            change_reference=reference,
        )
    if state in DONE:
        return change
    raise CommandError(
        f"Change {reference} was {state}: {change['note']}", code=state, change_reference=reference
    )
