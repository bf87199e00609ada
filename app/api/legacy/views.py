"""The five paths of the older service, over the same use cases as the rest of the API."""

from typing import Any

from flask import Response, request

from app.api.answers import answer
from app.api.body import read_object
from app.api.changes.outcomes import NOTHING_TO_CHANGE, done, location_of, status_of, submitter
from app.api.credentials import body_caller, query_caller
from app.api.groups.serializers import show_ip_access
from app.api.legacy.lenient import scaling_values
from app.api.legacy.models import (
    LegacyDetailsAnswer,
    LegacyIpAccessListAnswer,
    LegacyStateAnswer,
)
from app.api.legacy.serializers import require_config, show_config, show_details
from app.api.models import MessageAnswer
from app.domain.changes.actions import Action
from app.domain.groups.group import Service
from app.domain.messages import problem
from app.errors import BrokenRules
from app.http.current import portal
from app.http.request_context import request_id

LONGEST_READ = 37
"""Of an id one more than it has, so that what is longer stays unlike any."""

UPDATED = "Service configuration updated successfully."
SENT = "The change was sent, and its outcome is not known yet. Show it again: {where}"


def scale_service() -> Response:
    """Another size for a service. Idling is switched on unless the body says otherwise."""
    body = read_object()
    caller = body_caller(body)
    key = _service_id(body)
    who = portal().callers.identify_for_action(key, caller, Action.SCALE)
    change = done(portal().idempotent.scale(submitter(who, caller), key, scaling_values(body)))
    if change is None:
        return answer(MessageAnswer(message=NOTHING_TO_CHANGE))
    if status_of(change) == 201:
        return answer(MessageAnswer(message=UPDATED))
    where = location_of(change)
    return answer(MessageAnswer(message=SENT.format(where=where["Location"])), 202, where)


def show_state() -> Response:
    """The state of a service."""
    return answer(LegacyStateAnswer(state=_service().state_text))


def show_service_config() -> Response:
    """What is configured."""
    return answer(show_config(require_config(_service())), leaves_out_none=True)


def show_ip_access_list() -> Response:
    """Who may connect."""
    return answer(LegacyIpAccessListAnswer(ipAccessList=show_ip_access(_service())))


def show_service_details() -> Response:
    """Everything the older service told of a service."""
    details = show_details(_service())
    return answer(
        LegacyDetailsAnswer(result=details, requestId=request_id() or ""), leaves_out_none=True
    )


def _service() -> Service:
    # These shapes have no room for the age of what they tell, so it is always fresh.
    caller = query_caller()
    key = _service_id(request.args)
    who = portal().callers.identify_for_group(key, caller)
    return portal().groups.get_service(who, key)


def _service_id(source: Any) -> str:  # noqa: ANN401 - a JSON object or a query string
    value = source.get("service_id")
    if value is None:
        raise BrokenRules((problem("service_id", "required"),))
    if not isinstance(value, str):
        raise BrokenRules((problem("service_id", "not_text"),))
    # What is no id at all is an unknown service: refused like a wrong password.
    return value.lower()[:LONGEST_READ]
