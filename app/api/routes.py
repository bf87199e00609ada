"""The routes of the JSON API, made of the table of operations."""

from collections.abc import Callable

from flask import Blueprint, Response

from app.api.activity import views as activity
from app.api.boosts import views as boosts
from app.api.changes import views as changes
from app.api.credentials import note_old_credentials
from app.api.groups import views as groups
from app.api.guard import check_request
from app.api.legacy import views as legacy
from app.api.operations import OPERATIONS
from app.api.problems import register_problems
from app.api.schedules import views as schedules
from app.api.spend import views as spend
from app.api.tokens import views as tokens

VIEWS: dict[str, Callable[..., Response]] = {
    "api.list_groups": groups.list_groups,
    "api.list_activity": activity.list_activity,
    "api.show_group": groups.show_one_group,
    "api.list_changes": groups.list_changes,
    "api.show_load": groups.show_load,
    "api.list_spend": spend.list_spend,
    "api.show_spend": spend.show_spend,
    "api.create_change": changes.create_change,
    "api.show_change": changes.show_one_change,
    "api.change_state": changes.change_state,
    "api.create_boost": boosts.create_boost,
    "api.list_boosts": boosts.list_boosts,
    "api.show_boost": boosts.show_one_boost,
    "api.extend_boost": boosts.extend_boost,
    "api.end_boost": boosts.end_boost,
    "api.take_over_boost": boosts.take_over_boost,
    "api.show_schedule": schedules.show_one_schedule,
    "api.put_schedule": schedules.put_schedule,
    "api.delete_schedule": schedules.delete_schedule,
    "api.hand_over_schedule": schedules.hand_over_schedule,
    "api.take_back_schedule": schedules.take_back_schedule,
    "api.list_tokens": tokens.list_tokens,
    "api.revoke_token": tokens.revoke_token,
    "legacy.scale": legacy.scale_service,
    "legacy.show_state": legacy.show_state,
    "legacy.show_config": legacy.show_service_config,
    "legacy.show_ip_access_list": legacy.show_ip_access_list,
    "legacy.show_details": legacy.show_service_details,
}


def build_blueprints() -> tuple[Blueprint, ...]:
    """Both shapes of the API: our own, and the older service's."""
    return tuple(_build(name) for name in ("api", "legacy"))


def _build(name: str) -> Blueprint:
    blueprint = Blueprint(name, __name__)
    blueprint.before_request(check_request)
    blueprint.after_request(note_old_credentials)
    register_problems(blueprint)
    for operation in OPERATIONS:
        owner, _, endpoint = operation.endpoint.partition(".")
        if owner == name:
            view = VIEWS[operation.endpoint]
            methods = [operation.method]
            blueprint.add_url_rule(operation.flask_rule, endpoint, view, methods=methods)
    return blueprint
