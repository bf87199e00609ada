"""The use cases wired as the portal wires them: over a fake Cloud, or over anything else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.security import generate_password_hash

from app.clickhouse.login import ClickHouseLogin
from app.cloud.activity_log import ActivityLog
from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.concurrency import KeyedLock
from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.changes.scaling_request import request_for
from app.domain.groups.catalog import Catalog
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState
from app.metrics import Metrics
from app.services.access.policy import Policy
from app.services.activity.history import History
from app.services.admin.service import Administration
from app.services.audit.recorder import AuditRecorder
from app.services.boosts.ends import BoostEnds
from app.services.boosts.events import BoostEvents
from app.services.boosts.reverts import BoostReverts
from app.services.boosts.service import Boosts
from app.services.changes.apply import ChangeApplier
from app.services.changes.boost_rules import BoostRules
from app.services.changes.confirmation import Confirmation, ConfirmationRules
from app.services.changes.events import ChangeEvents
from app.services.changes.idempotency import IdempotentChanges
from app.services.changes.ledger import Ledger
from app.services.changes.orders import OrderedChanges
from app.services.changes.preconditions import Preconditions
from app.services.changes.reconcile import Reconciler
from app.services.changes.rules import ScalingRules
from app.services.changes.scaling import ScalingProposals
from app.services.changes.sending import ChangeSender
from app.services.changes.state_commands import StateCommands
from app.services.groups.editions import Editions
from app.services.groups.service import Groups
from app.services.pages.actions import GroupActions
from app.services.pages.changes import ChangePages
from app.services.pages.groups import GroupPages
from app.services.schedules.commands import CommandStandings
from app.services.schedules.editing import ScheduleEditing
from app.services.schedules.events import ScheduleEvents
from app.services.schedules.holding import ManualHolds
from app.services.schedules.judging import ScheduleRules
from app.services.schedules.service import Schedules
from app.services.schedules.standings import Standings
from app.services.sign_in.account import Account
from app.services.sign_in.administrator import Administrator
from app.services.sign_in.claimed_names import ClaimedNames
from app.services.sign_in.credential_cache import CredentialCache
from app.services.sign_in.reauthentication import Reauthenticator
from app.services.sign_in.service import SignedIn, SignIn
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.services.sign_in.verifiers.clickhouse import ClickHouseVerifier
from app.services.sign_in.verifiers.endpoints import VerificationEndpoints
from app.services.sign_in.verifiers.local_user import LocalUserVerifier
from app.services.sign_in.verifiers.passwords_off import PasswordsOff
from app.services.sign_in.verifiers.verification import Credentials, choose_verifier
from app.services.sign_in.verifiers.waking import WakeRules
from app.services.sign_in.ways_in import WaysIn
from app.services.spend.budgets import Budgets
from app.services.tokens.service import Tokens
from app.services.tokens.verifier import TokenVerifier
from app.store.audit.log import EventStore
from app.store.boosts import BoostStore
from app.store.freezes import FreezeStore
from app.store.idempotency import IdempotencyStore
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.handovers import HandoverStore
from app.store.schedules.records import ScheduleStore
from app.store.schema import schedule_command_edges
from app.store.sign_in.company_people import CompanyPeopleStore
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.verifications import VerificationStore
from app.store.spend import SpendStore
from app.store.tokens import TokenStore
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
from tests.unit.readings import clocked_readings, clocked_state, make_due
from tests.unit.services.fakes import (
    Clock,
    ClockedSnapshot,
    FakeCloud,
    FakeLogin,
    Log,
    LoggedAccess,
    LoggedChanges,
    LoggedFreeze,
    SetActivities,
)
from tests.unit.services.throttles import attempts_in, throttle_over

PASSWORD, ADMIN_PASSWORD = "correct horse", "battery staple"
ROOT, OTHER = (Identity("", name, frozenset()) for name in ("root", "other"))
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
    login: ClickHouseLogin
    throttle: SignInThrottle
    now: Callable[[], datetime]
    log: Log


class UseCases:
    """The portal's use cases over some parts."""

    def __init__(self, parts: Parts) -> None:
        policy, now = parts.policy, parts.now
        client, snapshot = parts.client, parts.snapshot
        self.log, self.engine = parts.log, parts.engine
        self.changes = LoggedChanges(parts.engine, self.log)
        self.freezes = FreezeStore(parts.engine)
        self.sessions = SessionStore(parts.engine, timedelta(minutes=30), timedelta(hours=8), 5)
        verifications = VerificationStore(parts.engine)
        administrator = Administrator("root", ADMIN_HASH)
        names = ClaimedNames(SecretStr("key"), policy, KnownAddresses(), administrator)
        self.audit = AuditRecorder(EventStore(parts.engine), now)
        self.events = ChangeEvents(self.audit, policy)
        self.freeze = LoggedFreeze(policy, self.freezes, clocked_state(parts.engine, now), self.log)
        self.access = LoggedAccess(policy, self.freeze, self.audit, self.log)
        self.groups = Groups(policy, self.access, self.freeze, snapshot, now)
        self.reconciler = Reconciler(snapshot, self.changes, self.events, now)
        self.ledger = Ledger(self.access, self.changes, self.reconciler)
        waking = WakeRules(KnownAddresses(), attempts_in(parts.engine, now))
        endpoints = VerificationEndpoints(snapshot, self.freeze, waking, now)
        self.sign_in = SignIn(
            policy,
            choose_verifier(
                clickhouse=ClickHouseVerifier(endpoints, parts.login),
                local_user=LocalUserVerifier(),
                passwords_off=PasswordsOff(),
            ),
            parts.throttle,
            names,
            WaysIn(policy, CompanyPeopleStore(parts.engine)),
            self.sessions,
            verifications,
            self.audit,
            Metrics(),
            now,
        )
        self.reauthenticator = Reauthenticator(
            self.sign_in, verifications, timedelta(minutes=60), now
        )
        self.budgets = Budgets(policy, SpendStore(parts.engine), self.audit, now)
        self.rules = rules = ScalingRules(policy, snapshot, self.changes, self.budgets, now)
        self.boost_store = BoostStore(parts.engine)
        boost_rules = BoostRules(self.boost_store, self.changes, now)
        preconditions = Preconditions(policy, client, snapshot, rules, boost_rules)
        self.scaling = ScalingProposals(
            self.access, self.ledger, snapshot, rules, boost_rules, self.changes, self.events, now
        )
        sender = ChangeSender(client, snapshot, self.changes, self.events, now)
        confirmations = ConfirmationRules(policy, snapshot, self.reauthenticator)
        self.applier = ChangeApplier(
            self.access,
            self.ledger,
            confirmations,
            preconditions,
            sender,
            self.events,
            now,
        )
        self.reverts = BoostReverts(
            self.boost_store,
            self.changes,
            snapshot,
            client,
            OrderedChanges(sender, self.changes, self.events, now),
            preconditions,
            BoostEvents(self.events),
            now,
        )
        self.boosts = Boosts(
            self.access,
            self.boost_store,
            self.reverts,
            BoostEvents(self.events),
            self.budgets,
            now,
        )
        self.state_commands = StateCommands(
            self.access,
            self.ledger,
            confirmations,
            self.applier,
            snapshot,
            self.changes,
            self.events,
            now,
        )
        self.actions = GroupActions(self.freeze, rules, now)
        state = clocked_state(parts.engine, now)
        editions = Editions(policy, self.access, snapshot, state, now)
        ends, edges = BoostEnds(self.boost_store), ScheduleEdgeStore(parts.engine)
        handovers, plans = HandoverStore(parts.engine), ScheduleStore(parts.engine)
        standings = Standings(
            policy,
            self.freeze,
            snapshot,
            edges,
            handovers,
            self.changes,
            ends,
            CommandStandings(
                ScheduleEdgeStore(parts.engine, schedule_command_edges),
                self.changes,
                SetActivities(),
            ),
            now,
        )
        self.schedules = Schedules(self.groups, policy, plans, standings, now)
        planning = ScheduleEditing(
            self.access,
            plans,
            handovers,
            ScheduleRules(rules, snapshot, now),
            ScheduleEvents(self.audit, policy),
            now,
        )
        self.token_store = TokenStore(parts.engine)
        strange = SignInThrottle(attempts_in(parts.engine, now, "token"))
        self.token_verifier = TokenVerifier(
            policy,
            self.token_store,
            strange,
            self.audit,
            Metrics(),
            now,
            self.sign_in.ways,
        )
        keys = IdempotencyStore(parts.engine)
        programs = IdempotentChanges(
            self.scaling,
            self.state_commands,
            self.applier,
            self.ledger,
            keys,
            self.events,
            KeyedLock(),
            self.token_verifier.check_again,
            now,
        )
        self.holds = ManualHolds(
            self.access, self.ledger, self.applier, programs, plans, standings, planning, now
        )
        self.change_pages = ChangePages(
            self.groups,
            self.ledger,
            self.actions,
            confirmations,
            self.boost_store,
            self.holds,
            editions,
            now,
        )
        self.tokens = Tokens(policy, self.reauthenticator, self.token_store, self.audit, now)
        self.account = Account(
            policy, self.reauthenticator, self.sessions, CredentialCache(0), self.audit, now
        )
        self.administration = Administration(
            administrator,
            policy,
            parts.throttle,
            names,
            self.sessions,
            CredentialCache(0),
            self.freezes,
            self.audit,
            Metrics(),
            now,
        )

    @property
    def people(self) -> CompanyPeopleStore:
        """What people of a company's sign-in are called."""
        return self.sign_in.ways.people

    def pages_over(self, log: ActivityLog) -> GroupPages:
        """The pages of groups, given what Cloud tells of its activities."""
        history = History(log)
        return GroupPages(
            self.groups,
            self.ledger,
            history,
            self.actions,
            self.boosts,
            self.schedules,
            self.ledger.reconciler.now,
        )

    def ask(
        self, was: ScalingConfig, target: ScalingConfig, person: Identity, service_id: str
    ) -> Change | None:
        """Propose a size, drawn from a configuration."""
        request = request_for(target, reason="")
        return self.scaling.propose_request(person, service_id, request, drawn_from=was.fingerprint)


class World(UseCases):
    """Two running groups of Analytics over a fake Cloud; Alice may do everything there."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        policy: Policy | None = None,
        cloud: FakeCloud | None = None,
    ) -> None:
        self.clock = clock
        self.cloud = cloud or FakeCloud([], make_service(), make_service(REPORTING_ID))
        self.login = FakeLogin(PASSWORD, ALICE.roles)
        self.policy = policy or SetPolicy(make_catalog())
        super().__init__(
            Parts(
                engine,
                self.policy,
                self.cloud,
                ClockedSnapshot(self.cloud, clock, engine),
                self.login,
                throttle_over(engine, clock),
                clock,
                self.cloud.log,
            )
        )

    def activity_log(self, cloud: CloudClient) -> ActivityLog:
        """Cloud's own activities, as this Cloud tells them from now on."""
        make_due(self.engine)
        return ActivityLog(cloud, clocked_readings(self.engine, self.clock))

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

    def command(
        self, action: Action, person: Identity = ALICE, service_id: str = PRIMARY_ID
    ) -> Change | None:
        """Propose to wake, start or stop a group."""
        return self.state_commands.propose(person, service_id, {"command": action})

    def draft_command(
        self, action: Action, person: Identity = ALICE, service_id: str = PRIMARY_ID
    ) -> str:
        """The same for a command."""
        change = self.command(action, person, service_id)
        assert change is not None
        self.log.clear()
        return change.reference

    def apply(
        self,
        reference: str,
        person: Identity = ALICE,
        confirmation: Confirmation | None = None,
    ) -> Change:
        """Confirm it."""
        return self.applier.apply(person, reference, confirmation, check_signed_in=lambda: None)

    def sign_in_as(self, person: Identity) -> SignedIn:
        """Sign somebody in with the right password and their roles."""
        self.login.roles = person.roles
        secret = SecretStr(self.login.password)
        return self.sign_in.sign_in(Credentials(person.warehouse, person.user, secret, ADDRESS))


def confirmation(
    password: str = PASSWORD, group_name: str = PRIMARY, token: str = ""
) -> Confirmation:
    """What somebody types to confirm, in the session of a token."""
    return Confirmation(SecretStr(password), group_name, ADDRESS, token)
