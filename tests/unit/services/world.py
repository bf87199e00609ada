"""The use cases wired as the portal wires them: over a fake Cloud, or over anything else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.security import generate_password_hash

from app.clickhouse.verifier import CredentialVerifier
from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.domain.access import Identity
from app.domain.acts import Act
from app.domain.catalog import Catalog
from app.domain.changes import Change
from app.domain.requests import request_for
from app.domain.scaling import ScalingConfig
from app.domain.states import ServiceState
from app.metrics import Metrics
from app.services.account import Account
from app.services.administration import Administration, Administrator
from app.services.applying import Applying
from app.services.audit import Audit
from app.services.change_events import ChangeEvents
from app.services.conditions import Conditions
from app.services.groups import Groups
from app.services.ledger import Ledger
from app.services.policy import Policy
from app.services.power import Power
from app.services.proof import Proof, Prover
from app.services.remembered import Remembered
from app.services.scaling import Scaling
from app.services.scaling_rules import ScalingRules
from app.services.settlement import Settlement
from app.services.sign_in import Credentials, SignedIn, SignIn
from app.services.sign_in_places import SignInPlaces
from app.services.throttle import SignInThrottle
from app.store.events import EventStore
from app.store.freezes import FreezeStore
from app.store.sessions import SessionStore
from tests.unit.builders import (
    ALICE,
    PRIMARY,
    PRIMARY_ID,
    REPORTING_ID,
    SetPolicy,
    make_catalog,
    make_service,
    replicas,
)
from tests.unit.services.fakes import (
    Clock,
    ClockedSnapshot,
    FakeCloud,
    FakeVerifier,
    Log,
    LoggedAccess,
    LoggedChanges,
    LoggedGate,
)

PASSWORD, ADMIN_PASSWORD = "correct horse", "battery staple"
ROOT, OTHER = (Identity("", name, frozenset()) for name in ("root", "other"))
CONTACT = "the data team"
ADDRESS = "192.0.2.1"
FIVE = replicas(5)
# Cheap on purpose: how much work a guess takes is a matter of the settings.
ADMIN_HASH = SecretStr(generate_password_hash(ADMIN_PASSWORD, "scrypt:1024:8:1"))


@dataclass(frozen=True)
class Parts:
    """What the use cases stand on."""

    engine: Engine
    policy: Policy
    client: CloudClient
    snapshot: Snapshot
    verifier: CredentialVerifier
    throttle: SignInThrottle
    now: Callable[[], datetime]
    log: Log


class UseCases:
    """The portal's use cases over some parts."""

    def __init__(self, parts: Parts) -> None:
        policy, now = parts.policy, parts.now
        client, snapshot = parts.client, parts.snapshot
        self.log = parts.log
        self.changes = LoggedChanges(parts.engine, self.log)
        self.freezes = FreezeStore(parts.engine)
        self.sessions = SessionStore(parts.engine, timedelta(minutes=30), timedelta(hours=8), 5)
        self.audit = Audit(EventStore(parts.engine), now)
        self.events = ChangeEvents(self.audit, policy)
        self.gate = LoggedGate(policy, self.freezes, CONTACT, self.log)
        self.access = LoggedAccess(policy, self.gate, self.audit, CONTACT, self.log)
        self.groups = Groups(policy, self.access, snapshot, now)
        self.settlement = Settlement(snapshot, self.changes, self.events, now)
        self.ledger = Ledger(self.access, self.changes, self.settlement)
        self.sign_in = SignIn(
            policy,
            CONTACT,
            SignInPlaces(snapshot, self.gate, CONTACT, now),
            parts.verifier,
            parts.throttle,
            self.sessions,
            self.audit,
            Metrics(),
            now,
        )
        self.prover = Prover(policy, self.sign_in)
        rules = ScalingRules(policy, snapshot, self.changes, now)
        conditions = Conditions(policy, client, snapshot, rules)
        self.scaling = Scaling(
            self.access, self.ledger, snapshot, rules, self.changes, self.events, now
        )
        self.power = Power(self.access, self.groups, self.ledger, self.changes, self.events, now)
        self.applying = Applying(
            self.access,
            self.ledger,
            self.prover,
            conditions,
            client,
            snapshot,
            self.changes,
            self.events,
            now,
        )
        self.account = Account(policy, self.prover, self.sessions, Remembered(0), self.audit, now)
        self.administration = Administration(
            Administrator("root", ADMIN_HASH),
            policy,
            parts.throttle,
            self.sessions,
            Remembered(0),
            self.freezes,
            self.audit,
            Metrics(),
            now,
        )

    def ask(
        self, was: ScalingConfig, target: ScalingConfig, person: Identity, service_id: str
    ) -> Change | None:
        """Propose a size, drawn from a configuration."""
        request = request_for(target, reason="")
        return self.scaling.propose(person, service_id, request, drawn_from=was.fingerprint)


class World(UseCases):
    """Two running groups of Analytics over a fake Cloud; Alice may do everything there."""

    def __init__(self, engine: Engine, clock: Clock, policy: Policy | None = None) -> None:
        self.clock = clock
        self.cloud = FakeCloud([], make_service(), make_service(REPORTING_ID))
        self.verifier = FakeVerifier(PASSWORD, ALICE.roles)
        self.policy = policy or SetPolicy(make_catalog())
        super().__init__(
            Parts(
                engine,
                self.policy,
                self.cloud,
                ClockedSnapshot(self.cloud, clock),
                self.verifier,
                SignInThrottle(monotonic=clock.seconds),
                clock,
                self.cloud.log,
            )
        )

    @property
    def deeds(self) -> Log:
        """What happened, without the decisions about it."""
        return [item for item in self.log if not item.startswith(("granted", "open"))]

    def set_policy(self, catalog: Catalog) -> None:
        """Put another catalog in force."""
        assert isinstance(self.policy, SetPolicy)
        self.policy.set(catalog)

    def show(self, state: ServiceState, service_id: str = PRIMARY_ID) -> None:
        """A service is in this state, and everybody sees it."""
        self.cloud.put(service_id, state=state)
        self.clock.advance(6)

    def config(self, service_id: str = PRIMARY_ID) -> ScalingConfig:
        """What is configured at Cloud."""
        configured = self.cloud.services[service_id].configured
        assert configured is not None
        return configured

    def draft(
        self,
        target: ScalingConfig = FIVE,
        person: Identity = ALICE,
        service_id: str = PRIMARY_ID,
    ) -> str:
        """A draft of another size; its reference. What happened until then is forgotten."""
        change = self.ask(self.config(service_id), target, person, service_id)
        assert change is not None
        self.log.clear()
        return change.reference

    def draft_act(self, act: Act, person: Identity = ALICE, service_id: str = PRIMARY_ID) -> str:
        """The same for a command."""
        change = self.power.propose(person, service_id, act)
        assert change is not None
        self.log.clear()
        return change.reference

    def apply(self, reference: str, person: Identity = ALICE, proof: Proof | None = None) -> Change:
        """Confirm it."""
        return self.applying.apply(person, reference, proof)

    def sign_in_as(self, person: Identity) -> SignedIn:
        """Sign somebody in with the right password and their roles."""
        self.verifier.roles = person.roles
        secret = SecretStr(self.verifier.password)
        return self.sign_in.sign_in(Credentials(person.warehouse, person.user, secret, ADDRESS))


def proof(password: str = PASSWORD, group_name: str = PRIMARY) -> Proof:
    """What somebody types to confirm."""
    return Proof(SecretStr(password), group_name, ADDRESS)
