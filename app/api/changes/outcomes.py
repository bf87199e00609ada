"""Who asks for a change, and what its outcome means for a program, in both shapes of the API."""

import re
from typing import Any

from flask import request, url_for

from app.api.errors import ChangeNotDone, Malformed
from app.domain.access.permissions import Identity
from app.domain.changes.change import NOT_DONE, Change, ChangeState
from app.domain.messages import problem
from app.errors import Problem
from app.services.changes.confirmation import Confirmation
from app.services.changes.idempotency import KEY_FIELD, Submitter
from app.services.sign_in.api import Caller

NOTHING_TO_CHANGE = "Current service configuration is already set to the requested values."
KEY = re.compile(r"[!-~]{1,200}")


def submitter(who: Identity, caller: Caller) -> Submitter:
    """Who asks: the password of this very request counts where one is asked for again.

    Only for those who were identified for a write, so that it was checked in this request.
    """
    given = Confirmation(caller.password, "", caller.address, is_proven=True)
    return Submitter(who, given, _idempotency_key())


def take_dry_run(values: dict[str, Any]) -> tuple[bool, tuple[Problem, ...]]:
    """Whether to only look, taken out of the values; and what is wrong with how that was said."""
    wanted = values.pop("dry_run", False)
    if isinstance(wanted, bool):
        return wanted, ()
    return False, (problem("dry_run", "not_yes_or_no"),)


def done(change: Change | None) -> Change | None:
    """The change; None if there was nothing to do. Raises ChangeNotDone if it came to nothing."""
    if change and change.state in NOT_DONE:
        raise ChangeNotDone(change)
    return None if change and change.state is ChangeState.UNCHANGED else change


def status_of(change: Change) -> int:
    """201 where the outcome is known, 202 where it is not yet."""
    return 201 if change.state is ChangeState.APPLIED else 202


def location_of(change: Change) -> dict[str, str]:
    """Where to show the change again."""
    return {"Location": url_for("api.show_change", reference=change.reference)}


def _idempotency_key() -> str | None:
    key = request.headers.get(KEY_FIELD)
    if key is not None and not KEY.fullmatch(key):
        raise Malformed(
            message=f"The {KEY_FIELD} is not usable.",
            remedy="Send 1 to 200 printable ASCII characters without blanks.",
        )
    return key
