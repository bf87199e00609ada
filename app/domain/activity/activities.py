"""What Cloud itself writes down about a service: who did what, without values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState

PORTAL_AGENT = "clickhouse-compute-portal"
"""How the portal's calls begin to name themselves; Cloud keeps that with each activity."""

LONGEST_APART = timedelta(minutes=2)
"""Between the portal's clock and Cloud's, the time of the call included."""

NOT_DONE = frozenset(
    {ChangeState.DRAFT, ChangeState.UNCHANGED, ChangeState.REJECTED, ChangeState.FAILED}
)

SCALING_KINDS = frozenset(
    {
        "service_update_autoscaling_memory",
        "service_update_autoscaling_replicas",
        "service_update_autoscaling_idling",
    }
)
KINDS_OF_ACTION = {
    Action.SCALE: SCALING_KINDS,
    Action.WAKE: frozenset({"service_awaken"}),
    Action.START: frozenset({"service_start"}),
    Action.STOP: frozenset({"service_stop"}),
}
"""What Cloud writes down when an action is carried out."""

WORDS = {
    "service_create": "Created",
    "service_start": "Started",
    "service_stop": "Stopped",
    "service_awaken": "Woken",
    "service_idle": "Idled",
    "service_running": "Running",
    "service_partially_running": "Partly running",
    "service_update_autoscaling_memory": "Memory changed",
    "service_update_autoscaling_replicas": "Replicas changed",
    "service_update_autoscaling_idling": "Idling changed",
    "service_update_ip_access_list": "IP access list changed",
}


class Actor(StrEnum):
    """Who did something, by kind. OTHER: Cloud names a kind that is not known here."""

    USER = "user"
    API = "api"
    SYSTEM = "system"
    SUPPORT = "support"
    OTHER = "other"


ACTOR_WORDS = {
    Actor.USER: "somebody in the ClickHouse Cloud console",
    Actor.API: "an API key",
    Actor.SYSTEM: "ClickHouse Cloud itself",
    Actor.SUPPORT: "the support of ClickHouse Cloud",
    Actor.OTHER: "not known",
}


@dataclass(frozen=True)
class Activity:
    """One entry. `kind` is Cloud's word; `actor_name` is a person's address or a key's name."""

    at: datetime
    kind: str
    service_id: str
    actor: Actor
    actor_name: str = ""
    user_agent: str = ""

    @property
    def words(self) -> str:
        """What happened, in words; an unknown kind reads as Cloud writes it."""
        plain = self.kind.removeprefix("service_").replace("_", " ").capitalize()
        return WORDS.get(self.kind, plain)

    @property
    def is_scaling(self) -> bool:
        """Whether it changed the configuration that people set here."""
        return self.kind in SCALING_KINDS

    @property
    def is_by_portal(self) -> bool:
        """Whether the call came from this portal, or from one like it."""
        return self.actor is Actor.API and self.user_agent.startswith(f"{PORTAL_AGENT}/")


def is_of_change(activity: Activity, change: Change) -> bool:
    """Whether Cloud wrote this down for a change of the portal's: same action, time and agent."""
    if change.sent_at is None or change.state in NOT_DONE or not activity.is_by_portal:
        return False
    is_same_time = abs(activity.at - change.sent_at) <= LONGEST_APART
    return is_same_time and activity.kind in KINDS_OF_ACTION[change.action]
