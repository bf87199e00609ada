"""Where a password can be checked: at a service that is up, and never by waking one unasked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Snapshot
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.groups.group import Service
from app.domain.groups.states import ServiceState
from app.errors import NOTHING_RUNNING, SignInRefused, WakeNeeded
from app.services.access.control import ChangeFreeze
from app.services.sign_in.verifiers.refusals import unchecked
from app.services.sign_in.verifiers.waking import WAKES_PER_HOUR, WakeRules, cheapest, wake_needed

OLDEST_VIEW_SECONDS = 30
"""A view older than this may call running what has fallen idle since: then nothing is touched."""

MOST_ASKED = 2
"""Services that one attempt may be sent to: a password goes no further than to a second one, and
whoever signs in waits for two time limits at most."""


@dataclass(frozen=True)
class VerificationEndpoints:
    """Chooses among the services of a warehouse."""

    snapshot: Snapshot
    freeze: ChangeFreeze
    waking: WakeRules
    now: Callable[[], datetime]

    def choose(
        self, warehouse: WarehouseDefinition, wake: str | None, *, may_wake: bool
    ) -> tuple[Service, ...]:
        """The services to ask, one after the other as long as one does not answer: MOST_ASKED that
        are up, or else one that is coming up, or idle and agreed to be woken.

        `may_wake`: whether this person is asked about waking one at all. Raises SignInRefused,
        WakeNeeded, StoreUnavailable.
        """
        view = self.snapshot.view(is_waiting=True)
        age_seconds = view.age_seconds(self.now())
        if age_seconds is None or age_seconds > OLDEST_VIEW_SECONDS:
            raise unchecked(
                "cloud_unreachable",
                "ClickHouse Cloud cannot be asked which compute groups are running.",
                "Try again in a minute.",
            )
        candidates = list_candidates(warehouse, view.services)
        if running := tuple(filter(is_up, candidates)):
            return running[:MOST_ASKED]
        if starting := tuple(filter(_is_coming_up, candidates)):
            return starting[:1]
        idle = [item for item in candidates if item.state is ServiceState.IDLE]
        if idle:
            idle = self._list_wakable(warehouse, idle)
            if may_wake:
                return (self._agreed(warehouse, cheapest(warehouse, idle), wake),)
        contact = self.freeze.contact
        raise unchecked(
            "nothing_running",
            NOTHING_RUNNING,
            f"Ask {contact} to start one in the ClickHouse Cloud console, then sign in.",
            status=WakeNeeded.status if idle else 503,
        )

    def _list_wakable(self, warehouse: WarehouseDefinition, idle: list[Service]) -> list[Service]:
        """Those that no freeze keeps asleep, one at least. Judged before anything that depends on
        the name, which must not show in the words."""
        key = warehouse.key
        wakable = [it for it in idle if not self.freeze.find_reason_in(key, it.service_id)]
        if not wakable:
            # Without the reason, which is for people who have proven who they are.
            raise unchecked(
                "changes_closed",
                f"{NOTHING_RUNNING} Changes are frozen at the moment, so none can be woken.",
                f"Try again later, or ask {self.freeze.contact}.",
            )
        if not self.waking.is_left(warehouse):
            raise self._too_many()
        return wakable

    def _agreed(
        self, warehouse: WarehouseDefinition, service: Service, wake: str | None
    ) -> Service:
        """The idle service, if the person agreed to wake this very one."""
        if service.service_id != wake:
            raise wake_needed(warehouse, service)
        if not self.waking.take(warehouse):
            raise self._too_many()
        return service

    def _too_many(self) -> SignInRefused:
        return unchecked(
            "too_many_wakes",
            f"{NOTHING_RUNNING} To check passwords, idle ones were woken {WAKES_PER_HOUR} times "
            "in the last hour already.",
            f"Try again later, or ask {self.freeze.contact} to start one.",
        )


def list_candidates(
    warehouse: WarehouseDefinition, services: Mapping[str, Service]
) -> list[Service]:
    """The services of a warehouse with an endpoint, in the order in which they are preferred: the
    configured one first, after it the groups in the order of the file.
    """
    ids = [warehouse.sign_in_service_id or "", *(item.service_id for item in warehouse.groups)]
    known = [services[key] for key in dict.fromkeys(ids) if key in services]
    return [service for service in known if service.https_endpoint]


def is_up(service: Service) -> bool:
    """Whether its endpoint answers without waking anything."""
    return service.state.spec.is_reachable


def _is_coming_up(service: Service) -> bool:
    return service.state.spec.is_on_its_way
