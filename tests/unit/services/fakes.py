"""Working stand-ins for Cloud, the credential check and the clock, which note what was asked.

Stores, snapshot and use cases are the real ones; some also write into a shared log, so that a
test can say in which order things happened.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine

from app.clickhouse.login import ClickHouseLogin, VerifiedUser
from app.cloud.activity_log import Activities
from app.cloud.client import CloudClient, Patch, Receipt
from app.cloud.parsing.keys import ApiKey
from app.cloud.snapshot import Snapshot, View
from app.domain.access.permissions import Identity, Permission
from app.domain.activity.activities import Activity
from app.domain.audit.events import Event
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, Outcome, SettledCode
from app.domain.groups.catalog import GroupDefinition
from app.domain.groups.group import Service
from app.domain.groups.scaling import PATCHED_FIELDS
from app.domain.groups.states import ServiceState
from app.errors import CloudNotFound, CredentialRefusal, CredentialsRefused
from app.services.access.control import Access, ChangeFreeze
from app.store.changes import ChangeStore
from tests.unit.builders import NOW
from tests.unit.readings import clocked_readings

Log = list[str]
WAY = {
    Action.WAKE: ServiceState.AWAKING,
    Action.START: ServiceState.STARTING,
    Action.STOP: ServiceState.STOPPING,
}


class Clock:
    """A clock that the tests move."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        """The same as seconds."""
        return self.time.timestamp()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.time += timedelta(seconds=seconds)


class FakeCloud(CloudClient):
    """Some services that take patches and commands. `errors` are raised instead, by method.

    With an error of `update`, `does_it_anyway` decides whether the change happens all the same.
    What `update` gives shows the service unless `is_shown` is False. While it `is_late`, starts and
    stops are accepted and do not show.
    `while_reading` and `while_sending` run before the answer is made.
    """

    def __init__(self, log: Log, *services: Service) -> None:
        self.log = log
        self.services = {service.service_id: service for service in services}
        self.sent: list[tuple[str, Action, dict[str, int | bool | str]]] = []
        self.errors: dict[str, Exception] = {}
        self.does_it_anyway = False
        self.is_shown = True
        self.is_late = False
        self.while_reading: Callable[[], None] = lambda: None
        self.while_sending: Callable[[], None] = lambda: None
        self.key: ApiKey | None = None

    def list_services(self) -> tuple[Service, ...]:
        """The view of everybody."""
        self._may_fail("list_services")
        return tuple(self.services.values())

    def get_service(self, service_id: str) -> Service:
        """One of them."""
        self.log.append("read")
        self._may_fail("get_service")
        self.while_reading()
        if service_id not in self.services:
            raise CloudNotFound(message="Not found.", request_id=None, upstream_status=404)
        return self.services[service_id]

    def forget_key_rejections(self) -> None:
        """There are none."""

    def find_key(self, key_id: str) -> ApiKey | None:
        """The portal's own key."""
        self._may_fail("find_key")
        self.log.append(f"key {key_id}")
        return self.key

    def update(self, service_id: str, action: Action, patch: Patch) -> Receipt:
        """Take the patch or the command."""
        self.log.append(f"send {action} {service_id}")
        self.sent.append((service_id, action, dict(patch)))
        self.while_sending()
        if "update" not in self.errors or self.does_it_anyway:
            self.carry_out(service_id, action, patch)
        self._may_fail("update")
        return Receipt(self.services[service_id] if self.is_shown else None, "request-1")

    def write_schedule(self, service_id: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """Take a schedule of its own."""
        self.log.append(f"write schedule {service_id}")
        self._change_schedule("write_schedule", service_id, list(entries))

    def remove_schedule(self, service_id: str) -> None:
        """Forget it."""
        self.log.append(f"remove schedule {service_id}")
        self._change_schedule("remove_schedule", service_id, [])

    def set_schedule(self, service_id: str, entries: list[Mapping[str, Any]]) -> None:
        """The schedule that Cloud has by now, by whomever."""
        said = {"scalingSchedule": {"entries": entries}} if entries else {}
        particulars = replace(self.services[service_id].particulars, said=said)
        self.put(service_id, particulars=particulars)

    def _change_schedule(
        self, method: str, service_id: str, entries: list[Mapping[str, Any]]
    ) -> None:
        self.while_sending()
        if method not in self.errors or self.does_it_anyway:
            self.set_schedule(service_id, entries)
        self._may_fail(method)

    def carry_out(self, service_id: str, action: Action, patch: Patch) -> None:
        """What the change does, by whomever it is asked."""
        if action is Action.SCALE:
            self.configure(service_id, patch)
        elif not self.is_late:
            self.put(service_id, state=WAY[action])

    def configure(self, service_id: str, patch: Patch) -> None:
        """Take the fields of a patch."""
        was = self.services[service_id].configured
        assert was is not None
        fields = {PATCHED_FIELDS[name]: value for name, value in patch.items()}
        if "numReplicas" in patch:
            fields["min_replicas"] = patch["numReplicas"]
        self.put(service_id, configured=was.model_copy(update=fields))

    def put(self, service_id: str, **fields: Any) -> None:  # noqa: ANN401 - any field
        """Change fields of a service."""
        self.services[service_id] = replace(self.services[service_id], **fields)

    def _may_fail(self, method: str) -> None:
        if error := self.errors.get(method):
            raise error


class SetActivities:
    """What Cloud has written down lately, as the tests set it."""

    def __init__(self) -> None:
        self.entries: tuple[Activity, ...] = ()

    def list_activities(self) -> Activities:
        """All of it."""
        return Activities(self.entries, is_whole=True, is_current=True)


class ClockedSnapshot(Snapshot):
    """The real view of all services, by the clock of the tests."""

    def __init__(self, client: CloudClient, clock: Clock, engine: Engine) -> None:
        super().__init__(client, clocked_readings(engine, clock), now=clock)


class FakeSnapshot(Snapshot):
    """A view that the tests set."""

    def __init__(self, *services: Service, taken_at: datetime | None = NOW) -> None:
        self.views = 0
        self.show(*services, taken_at=taken_at)

    def show(self, *services: Service, taken_at: datetime | None) -> None:
        """What Cloud is known to say, since when."""
        self.shown = View({item.service_id: item for item in services}, taken_at)

    def view(self, *, is_waiting: bool = False) -> View:  # noqa: ARG002 - as the real one
        """What was set; how often somebody asked is counted."""
        self.views += 1
        return self.shown

    def peek(self) -> View:
        """The same, which costs nothing."""
        return self.shown


@dataclass(frozen=True)
class LoggedAccess(Access):
    """Notes every decision about access before it is made."""

    log: Log = field(default_factory=list)

    def check_permission(
        self, identity: Identity, service_id: str, permission: Permission
    ) -> GroupDefinition:
        """Note it, then decide."""
        definition = super().check_permission(identity, service_id, permission)
        self.log.append(f"granted {identity.user} {service_id} {permission}")
        return definition


@dataclass(frozen=True)
class LoggedFreeze(ChangeFreeze):
    """Notes every look at the freeze that found it open."""

    log: Log = field(default_factory=list)

    def check_not_frozen(self, service_id: str) -> None:
        """Look, then note it."""
        super().check_not_frozen(service_id)
        self.log.append("open")


@dataclass(frozen=True)
class LoggedChanges(ChangeStore):
    """The real ledger, which also notes in which order it was written."""

    log: Log = field(default_factory=list)

    def claim(
        self,
        reference: str,
        now: datetime,
        event: Event,
        *,
        drawn_after: datetime,
        reason: str | None = None,
    ) -> bool:
        """Do it, then note it."""
        is_claimed = super().claim(reference, now, event, drawn_after=drawn_after, reason=reason)
        self.log.append("intent" if is_claimed else "no intent")
        return is_claimed

    def release(self, reference: str, event: Event) -> None:
        """Note it, then do it."""
        self.log.append("release")
        super().release(reference, event)

    def mark_unknown(
        self,
        reference: str,
        note: str,
        request_id: str | None,
        event: Event,
        *,
        code: SettledCode = SettledCode.NONE,
    ) -> None:
        """Note it, then do it."""
        self.log.append("unknown")
        super().mark_unknown(reference, note, request_id, event, code=code)

    def record_outcome(self, reference: str, outcome: Outcome, now: datetime, event: Event) -> bool:
        """Note it, then do it."""
        self.log.append(f"outcome {outcome.state}")
        return super().record_outcome(reference, outcome, now, event)

    def get(self, reference: str) -> Change:
        """The change, which must be there."""
        change = self.find_change(reference)
        assert change is not None
        return change


class FakeLogin(ClickHouseLogin):
    """Knows one password, or refuses for a reason; notes where each check went."""

    def __init__(self, password: str, roles: frozenset[str]) -> None:
        self.password = password
        self.roles = roles
        self.refusal: CredentialRefusal | None = None
        self.refusals: dict[str, CredentialRefusal] = {}  # by endpoint
        self.asked: list[tuple[str, str, bool]] = []

    def verify(
        self, *, endpoint_url: str, user: str, password: SecretStr, is_waking: bool = False
    ) -> VerifiedUser:
        """Check the password."""
        self.asked.append((endpoint_url, user, is_waking))
        refusal = self.refusals.get(endpoint_url, self.refusal)
        if refusal:
            raise CredentialsRefused(refusal)
        if password.get_secret_value() != self.password:
            raise CredentialsRefused(CredentialRefusal.WRONG_CREDENTIALS)
        return VerifiedUser(user, self.roles, "26.9")
