"""Boosts of Analytics reporting, which has 8 to 16 GB in one replica."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.client import ApiClient
from tests.api.paths import LARGER, REPORTING, group_path
from tests.support.portal import Config
from tests.support.sandbox import RunningSandbox

HOUR = {**LARGER, "minutes": 60}
"""A boost for an hour."""


def path_of(sandbox: RunningSandbox, reference: str = "", part: str = "") -> str:
    """The address of the group's boosts, of one of them, or of what can be done with it."""
    return "/".join(filter(None, (group_path(sandbox, REPORTING, "boosts"), reference, part)))


def begin(client: ApiClient, sandbox: RunningSandbox, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A boost that has begun."""
    body: dict[str, Any] = client.post(path_of(sandbox), {**HOUR, **more}, 201).body
    return body


def moment(text: str) -> datetime:
    """A moment of an answer."""
    return datetime.fromisoformat(text)


def in_minutes(minutes: float) -> str:
    """A moment so many minutes from now, as a program in Berlin might write it."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


def giving_bob(*permissions: str) -> Any:  # noqa: ANN401 - as PortalProcess takes it
    """Lets Bob, who may only look, do something besides."""

    def adapt(config: Config) -> None:
        rule = {"users": ["bob"], "permissions": list(permissions)}
        config["warehouses"][0]["access"].append(rule)

    return adapt
