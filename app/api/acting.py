"""Carrying out what a request asks for, for both shapes of the API, and what its outcome means."""

import re
from typing import Any

from flask import request, url_for

from app.api.context import portal
from app.api.faults import ChangeNotDone, Malformed
from app.domain.access import Identity
from app.domain.changes import Change, ChangeState
from app.domain.requests import ScalingRequest, parse_request
from app.errors import BrokenRules
from app.services.api_access import Caller
from app.services.proof import Proof
from app.services.submitting import KEY_FIELD, Submitter

NOTHING_TO_CHANGE = "Current service configuration is already set to the requested values."
NOT_DONE = {ChangeState.REJECTED, ChangeState.FAILED}
KEY = re.compile(r"[!-~]{1,200}")


def scale(who: Identity, caller: Caller, service_id: str, values: dict[str, Any]) -> Change | None:
    """Change the size; None if there is nothing to change. Raises ChangeNotDone and PortalError."""
    by = submitter(who, caller)
    return checked(portal().submitting.scale(by, service_id, parsed(who, service_id, values)))


def parsed(who: Identity, service_id: str, values: dict[str, Any]) -> ScalingRequest:
    """What is asked for. Raises BrokenRules, noted, with what is wrong in this group as well."""
    with portal().audit.noting(who, "draft", portal().events.about(service_id)):
        try:
            return parse_request(values)
        except BrokenRules as broken:
            raise portal().scaling.add_rules_of_group(who, service_id, values, broken) from None


def submitter(who: Identity, caller: Caller, *, confirm_name: str = "") -> Submitter:
    """Who asks: the password of this very request is the proof where one is needed."""
    proof = Proof(caller.password, confirm_name, caller.address)
    return Submitter(who, proof, _idempotency_key())


def checked(change: Change | None) -> Change | None:
    """The change; None if there was nothing to do. Raises ChangeNotDone if it came to nothing."""
    if change and change.state in NOT_DONE:
        raise ChangeNotDone(change)
    return None if change and change.state is ChangeState.UNCHANGED else change


def status_of(change: Change) -> int:
    """201 where the outcome is known, 202 where it is not yet."""
    return 201 if change.state is ChangeState.APPLIED else 202


def location_of(change: Change) -> dict[str, str]:
    """Where to look at the change again."""
    return {"Location": url_for("api.show_change", reference=change.reference)}


def _idempotency_key() -> str | None:
    key = request.headers.get(KEY_FIELD)
    if key is not None and not KEY.fullmatch(key):
        raise Malformed(
            message=f"The {KEY_FIELD} is not usable.",
            remedy="Send 1 to 200 printable ASCII characters without blanks.",
        )
    return key
