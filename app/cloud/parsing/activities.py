"""Cloud's activity log -> `Activity`. Entries that make no sense are left out, the rest is kept."""

from typing import Any

from app.cloud.parsing.values import parse_moment
from app.cloud.transport.answers import clean_text, lost
from app.domain.activity.activities import Activity, Actor


def parse_activities(value: object) -> tuple[Activity, ...]:
    """The entries about services, newest first. Raises CloudAnswerLost for what is no list."""
    if not isinstance(value, list):
        raise lost("ClickHouse Cloud described its activities in a way that makes no sense.")
    found = (_parse(item) for item in value if isinstance(item, dict))
    known = (item for item in found if item is not None)
    return tuple(sorted(known, key=lambda item: item.at, reverse=True))


def _parse(item: dict[str, Any]) -> Activity | None:
    at, kind = parse_moment(item.get("createdAt")), clean_text(item.get("type"))
    service_id = clean_text(item.get("serviceId")).lower()
    if at is None or not kind or not service_id:
        return None
    actor = clean_text(item.get("actorType"))
    return Activity(
        at=at,
        kind=kind,
        service_id=service_id,
        actor=Actor(actor) if actor in set(Actor) else Actor.OTHER,
        actor_name=clean_text(item.get("actorDetails")),
        user_agent=clean_text(item.get("userAgent")),
    )
