"""The parts that several use cases share, put together once for a process."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from app import VERSION
from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.cloud.transport.budget import RequestBudget
from app.cloud.transport.retries import CloudHttp
from app.domain.activity.activities import PORTAL_AGENT
from app.metrics import Metrics
from app.services.access.policy import Policy
from app.services.audit.recorder import AuditRecorder
from app.services.monitoring.processes import Processes
from app.services.sign_in.administrator import Administrator
from app.services.sign_in.claimed_names import ClaimedNames
from app.services.sign_in.credential_cache import CredentialCache
from app.services.sign_in.outcomes import begin_counts
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.tokens.verifier import begin_token_counts
from app.settings import Settings, load_catalog
from app.store.audit.log import EventStore
from app.store.boosts import BoostStore
from app.store.changes import ChangeStore
from app.store.database.engine import open_engine
from app.store.freezes import FreezeStore
from app.store.leases import LeaseStore
from app.store.load import LoadStore
from app.store.readings import ReadingStore
from app.store.replicas import ReplicaStore
from app.store.request_budget import RequestBudgetStore
from app.store.sign_in.known_addresses import KnownAddressStore
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.throttle import SignInThrottleStore
from app.store.sign_in.verifications import VerificationStore
from app.store.spend import SpendStore
from app.store.state import StateStore
from app.store.tokens import TokenStore


@dataclass(frozen=True)
class Core:
    """The parts that several use cases share."""

    engine: Engine
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
    boosts: BoostStore
    freezes: FreezeStore
    are_reverts_frozen: bool
    trust: KnownAddresses
    attempts: SignInThrottleStore
    names: ClaimedNames
    credential_cache: CredentialCache
    load: LoadStore
    spend: SpendStore
    tokens: TokenStore


def build_core(settings: Settings) -> Core:
    """The parts. Nothing is connected to yet."""
    process = _process_name()
    engine = open_engine(settings.database_url)
    metrics, budget = Metrics(process, VERSION), RequestBudget(RequestBudgetStore(engine))
    begin_counts(metrics)
    begin_token_counts(metrics)
    client = _build_client(settings, budget, metrics)
    audit = AuditRecorder(EventStore(engine), now)
    trust = KnownAddresses(KnownAddressStore(engine), now)
    state = StateStore(engine)
    readings = ReadingStore(state)
    snapshot = Snapshot(client, readings, threads=settings.threads)
    policy = _build_policy(settings, audit, snapshot)
    administrator = _build_administrator(settings)
    return Core(
        engine=engine,
        metrics=metrics,
        budget=budget,
        audit=audit,
        policy=policy,
        processes=Processes(process, ReplicaStore(engine), LeaseStore(engine), policy),
        administrator=administrator,
        client=client,
        state=state,
        readings=readings,
        snapshot=snapshot,
        sessions=_build_sessions(settings, engine),
        verifications=VerificationStore(engine),
        changes=ChangeStore(engine),
        boosts=BoostStore(engine),
        freezes=FreezeStore(engine),
        are_reverts_frozen=settings.are_reverts_frozen,
        trust=trust,
        attempts=SignInThrottleStore(engine, settings.secret_key, "people"),
        names=ClaimedNames(settings.secret_key, policy, trust, administrator),
        credential_cache=CredentialCache(settings.api.remember_seconds),
        load=LoadStore(engine),
        spend=SpendStore(engine),
        tokens=TokenStore(engine),
    )


def _build_policy(settings: Settings, audit: AuditRecorder, snapshot: Snapshot) -> Policy:
    first, find_tags = settings.catalog, snapshot.find_tags
    path, stamp = settings.config_file, settings.config_stamp
    return Policy(path, load_catalog, first, audit, find_tags, stamp)


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


def _build_administrator(settings: Settings) -> Administrator | None:
    admin = settings.admin
    return Administrator(admin.username, admin.password_hash) if admin else None


def _process_name() -> str:
    """This process among all that share the records: its machine, and its number there."""
    return f"{platform.node()}:{os.getpid()}"


def now() -> datetime:
    """This moment in UTC, for all that are given a clock."""
    return datetime.now(UTC)
