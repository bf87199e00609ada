"""The one place that puts the use cases together over their adapters."""

import os
import platform
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from app import VERSION
from app.clickhouse.login import ClickHouseLogin
from app.cloud.activity_log import ActivityLog
from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.cloud.transport.budget import RequestBudget
from app.cloud.transport.retries import CloudHttp
from app.concurrency import KeyedLock
from app.domain.audit.anchor import AnchorSigner
from app.domain.history.activities import PORTAL_AGENT
from app.metrics import Metrics
from app.services.access.control import Access
from app.services.access.freeze import ChangeFreeze
from app.services.access.policy import Policy
from app.services.account import Account
from app.services.admin.key_health import KeyHealth
from app.services.admin.service import Administration
from app.services.audit.anchors import Anchors
from app.services.audit.log import AuditLog
from app.services.audit.recorder import AuditRecorder
from app.services.changes.apply import ChangeApplier
from app.services.changes.events import ChangeEvents
from app.services.changes.idempotency import IdempotentChanges
from app.services.changes.ledger import Ledger
from app.services.changes.preconditions import Preconditions
from app.services.changes.reconcile import Reconciler
from app.services.changes.rules import ScalingRules
from app.services.changes.scaling import ScalingProposals
from app.services.changes.state_commands import StateCommands
from app.services.groups.details import GroupPages
from app.services.groups.editions import Editions
from app.services.groups.service import Groups
from app.services.history.service import History
from app.services.monitoring.housekeeping import Housekeeping
from app.services.monitoring.lifecycle import Lifecycle
from app.services.monitoring.metrics import MetricsReport
from app.services.monitoring.readiness import Readiness
from app.services.portal import Portal
from app.services.sign_in.administrator import Administrator
from app.services.sign_in.api import Callers
from app.services.sign_in.claimed_names import ClaimedNames
from app.services.sign_in.credential_cache import CredentialCache
from app.services.sign_in.reauthentication import Reauthenticator
from app.services.sign_in.service import SignIn
from app.services.sign_in.throttling.throttle import SignInThrottle
from app.services.sign_in.throttling.trust import Trust
from app.services.sign_in.verifiers.clickhouse import ClickHouseVerifier
from app.services.sign_in.verifiers.endpoints import VerificationEndpoints
from app.services.sign_in.verifiers.local_user import LocalUserVerifier
from app.services.sign_in.verifiers.waking import WakeRules
from app.services.worker.processes import Processes
from app.settings import Settings, load_catalog
from app.store.anchor_file import AnchorFile
from app.store.audit import EventStore
from app.store.changes import ChangeStore
from app.store.database.engine import open_engine
from app.store.freezes import FreezeStore
from app.store.idempotency import IdempotencyStore
from app.store.known_addresses import KnownAddressStore
from app.store.leases import LeaseStore
from app.store.readings import ReadingStore
from app.store.replicas import ReplicaStore
from app.store.request_budget import RequestBudgetStore
from app.store.sessions import SessionStore
from app.store.sign_in_throttle import SignInThrottleStore
from app.store.state import StateStore
from app.store.verifications import VerificationStore


def build_portal(settings: Settings) -> Portal:
    """The use cases over their adapters."""
    process = _process_name()
    engine = open_engine(settings.database_url)
    metrics, budget = Metrics(process), RequestBudget(RequestBudgetStore(engine))
    client = _build_client(settings, budget, metrics)
    audit = AuditRecorder(EventStore(engine), _now)
    trust = Trust(KnownAddressStore(engine), _now)
    state = StateStore(engine)
    readings = ReadingStore(state)
    policy = Policy(settings.config_file, load_catalog, settings.catalog, audit)
    administrator = _build_administrator(settings)
    core = Core(
        metrics=metrics,
        budget=budget,
        audit=audit,
        policy=policy,
        processes=Processes(process, ReplicaStore(engine), LeaseStore(engine), policy),
        administrator=administrator,
        client=client,
        state=state,
        readings=readings,
        snapshot=Snapshot(client, readings),
        sessions=_build_sessions(settings, engine),
        verifications=VerificationStore(engine),
        changes=ChangeStore(engine),
        freezes=FreezeStore(engine),
        trust=trust,
        attempts=SignInThrottleStore(engine, settings.secret_key, "people"),
        names=ClaimedNames(settings.secret_key, policy, trust, administrator),
        credential_cache=CredentialCache(settings.api.remember_seconds),
    )
    return _build_use_cases(settings, engine, core)


@dataclass(frozen=True)
class Core:
    """The parts that several use cases share."""

    audit: AuditRecorder
    metrics: Metrics
    budget: RequestBudget
    policy: Policy
    processes: Processes
    administrator: Administrator | None
    client: CloudClient
    state: StateStore
    readings: ReadingStore
    snapshot: Snapshot
    sessions: SessionStore
    verifications: VerificationStore
    changes: ChangeStore
    freezes: FreezeStore
    trust: Trust
    attempts: SignInThrottleStore
    names: ClaimedNames
    credential_cache: CredentialCache


def _build_use_cases(settings: Settings, engine: Engine, core: Core) -> Portal:
    policy, changes, contact = core.policy, core.changes, settings.contact
    client, snapshot, audit = core.client, core.snapshot, core.audit
    freeze = ChangeFreeze(policy, core.freezes, core.state, contact)
    access = Access(policy, freeze, audit, contact)
    groups = Groups(policy, access, freeze, snapshot, _now)
    events = ChangeEvents(audit, policy)
    reconciler = Reconciler(snapshot, changes, events, _now)
    ledger = Ledger(access, changes, reconciler)
    sign_in = _build_sign_in(settings, core, freeze)
    reauthenticator = _build_reauthenticator(settings, core, sign_in)
    rules = ScalingRules(policy, snapshot, changes, _now)
    preconditions = Preconditions(policy, client, snapshot, rules)
    applier = ChangeApplier(
        access, ledger, reauthenticator, preconditions, client, snapshot, changes, events, _now
    )
    scaling = ScalingProposals(access, ledger, snapshot, rules, changes, events, _now)
    commands = StateCommands(access, ledger, snapshot, changes, events, _now)
    keys, history = IdempotencyStore(engine), History(ActivityLog(client, core.readings))
    known, anchors = KnownAddressStore(engine), _build_anchors(settings, audit)
    return Portal(
        lifecycle=Lifecycle(engine, audit, anchors, core.processes),
        sign_in=sign_in,
        callers=_build_callers(core, access, sign_in),
        account=Account(policy, reauthenticator, core.sessions, core.credential_cache, audit, _now),
        groups=groups,
        editions=Editions(policy, access, snapshot, core.state, _now),
        group_pages=GroupPages(groups, ledger, history, freeze, contact, _now),
        scaling=scaling,
        state_commands=commands,
        applier=applier,
        idempotent=IdempotentChanges(
            scaling, commands, applier, ledger, keys, events, KeyedLock(), _now
        ),
        ledger=ledger,
        freeze=freeze,
        audit_log=AuditLog(audit, access, anchors),
        administration=_build_administration(core),
        key_health=KeyHealth(policy, client, snapshot, settings.cloud.key_id, _now),
        metrics=_build_metrics_report(core),
        readiness=Readiness(changes, snapshot, anchors, core.processes, policy, _now),
        reconciler=reconciler,
        housekeeping=Housekeeping(core.sessions, keys, known, core.attempts, audit, anchors, _now),
        processes=core.processes,
    )


def _build_callers(core: Core, access: Access, sign_in: SignIn) -> Callers:
    administrator, cache = core.administrator, core.credential_cache
    return Callers(core.policy, access, administrator, sign_in, cache, core.changes)


def _build_anchors(settings: Settings, audit: AuditRecorder) -> Anchors:
    signer = AnchorSigner(settings.secret_key.get_secret_value())
    file = AnchorFile(settings.anchor_file)
    return Anchors(audit.store, file, signer, is_key_lasting=settings.is_key_lasting)


def _build_metrics_report(core: Core) -> MetricsReport:
    return MetricsReport(
        metrics=core.metrics,
        budget=core.budget,
        snapshot=core.snapshot,
        changes=core.changes,
        sessions=core.sessions,
        processes=core.processes,
        policy=core.policy,
        now=_now,
    )


def _build_client(settings: Settings, budget: RequestBudget, metrics: Metrics) -> CloudClient:
    cloud = settings.cloud
    http = CloudHttp(
        url=cloud.url,
        key_id=cloud.key_id,
        key_secret=cloud.key_secret,
        user_agent=f"{PORTAL_AGENT}/{VERSION}",
        budget=budget,
        metrics=metrics,
    )
    return CloudClient(http, cloud.organization_id)


def _build_sessions(settings: Settings, engine: Engine) -> SessionStore:
    limits = settings.sessions
    return SessionStore(
        engine=engine,
        idle=timedelta(minutes=limits.idle_minutes),
        absolute=timedelta(hours=limits.absolute_hours),
        most_per_user=limits.most_per_user,
    )


def _build_sign_in(settings: Settings, core: Core, freeze: ChangeFreeze) -> SignIn:
    waking = WakeRules(core.trust, core.attempts)
    endpoints = VerificationEndpoints(core.snapshot, freeze, waking, settings.contact, _now)
    return SignIn(
        policy=core.policy,
        contact=settings.contact,
        clickhouse=ClickHouseVerifier(endpoints, ClickHouseLogin()),
        local_user=LocalUserVerifier(),
        throttle=SignInThrottle(core.attempts, core.trust),
        names=core.names,
        sessions=core.sessions,
        verifications=core.verifications,
        audit=core.audit,
        metrics=core.metrics,
        now=_now,
    )


def _build_reauthenticator(settings: Settings, core: Core, sign_in: SignIn) -> Reauthenticator:
    counts_for = timedelta(minutes=settings.sessions.reauthenticate_minutes)
    return Reauthenticator(core.policy, sign_in, core.verifications, counts_for, _now)


def _build_administrator(settings: Settings) -> Administrator | None:
    admin = settings.admin
    return Administrator(admin.username, admin.password_hash) if admin else None


def _build_administration(core: Core) -> Administration:
    return Administration(
        administrator=core.administrator,
        policy=core.policy,
        # One of its own: people's failures and hanging checks do not keep the administrator out.
        throttle=SignInThrottle(replace(core.attempts, name="administrator"), core.trust),
        names=core.names,
        sessions=core.sessions,
        credential_cache=core.credential_cache,
        freezes=core.freezes,
        audit=core.audit,
        metrics=core.metrics,
        now=_now,
    )


def _process_name() -> str:
    """This process among all that share the records: its machine, and its number there."""
    return f"{platform.node()}:{os.getpid()}"


def _now() -> datetime:
    return datetime.now(UTC)
