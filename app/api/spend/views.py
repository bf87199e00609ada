"""What groups cost, for programs."""

from flask import Response, request

from app.api.answers import answer
from app.api.body import parse_service_id
from app.api.credentials import header_caller
from app.api.spend.serializers import show_group_spend, show_overview
from app.http.current import portal


def list_spend() -> Response:
    """Every group that the caller may see."""
    who = portal().callers.identify_in(request.args.get("warehouse"), header_caller())
    return answer(show_overview(portal().spend.show_all(who)))


def show_spend(service_id: str) -> Response:
    """One group."""
    key = parse_service_id(service_id)
    who = portal().callers.identify_for_group(key, header_caller())
    return answer(show_group_spend(portal().spend.show(who, key)))
