"""The one place that puts the parts of the portal together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from app import VERSION
from app.api import register_api
from app.cli.commands import register_commands
from app.clickhouse.verifier import CredentialVerifier
from app.cloud.activity_log import ActivityLog
from app.cloud.budget import RequestBudget
from app.cloud.client import CloudClient
from app.cloud.http import CloudHttp
from app.cloud.snapshot import Snapshot
from app.domain.activities import PORTAL_AGENT
from app.metrics import Metrics
from app.services.access import Access
from app.services.account import Account
from app.services.administration import Administration, Administrator
from app.services.api_access import ApiAccess
from app.services.applying import Applying
from app.services.audit import Audit
from app.services.change_events import ChangeEvents
from app.services.conditions import Conditions
from app.services.gate import Gate
from app.services.groups import Groups
from app.services.history import History
from app.services.housekeeping import Housekeeping
from app.services.key_health import KeyHealth
from app.services.ledger import Ledger
from app.services.measuring import Measuring
from app.services.policy import Policy
from app.services.portal import Portal
from app.services.power import Power
from app.services.proof import Prover
from app.services.readiness import Readiness
from app.services.remembered import Remembered
from app.services.scaling import Scaling
from app.services.scaling_rules import ScalingRules
from app.services.settlement import Settlement
from app.services.sign_in import SignIn
from app.services.sign_in_places import SignInPlaces
from app.services.submitting import Submitting
from app.services.throttle import SignInThrottle
from app.services.timeline import Timeline
from app.services.trail import Trail
from app.services.turns import Turns
from app.settings import Settings, load_catalog
from app.store.changes import ChangeStore
from app.store.engine import open_engine
from app.store.events import EventStore
from app.store.freezes import FreezeStore
from app.store.idempotency import IdempotencyStore
from app.store.sessions import SessionStore
from app.web import register_web
from app.web.forms import csrf_of
from app.web.static_files import edition_of

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """The application, wired. Its records and the network are not touched yet."""
    app = Flask(
        "app",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path=f"/static/{edition_of(ROOT / 'static')}",
    )
    app.extensions["portal"] = build_portal(settings)
    app.extensions["settings"] = settings
    register_web(app, settings)
    register_api(app, settings, csrf_of(app))
    register_commands(app)
    return app


def build_portal(settings: Settings) -> Portal:
    """The use cases over their adapters."""
    metrics, budget = Metrics(), RequestBudget()
    client = _build_client(settings, budget, metrics)
    engine = open_engine(settings.database_url)
    audit = Audit(EventStore(engine), _now)
    core = Core(
        metrics=metrics,
        budget=budget,
        audit=audit,
        policy=Policy(settings.config_file, load_catalog, settings.catalog, audit),
        client=client,
        snapshot=Snapshot(client),
        sessions=_build_sessions(settings, engine),
        changes=ChangeStore(engine),
        freezes=FreezeStore(engine),
        throttle=SignInThrottle(),
        remembered=Remembered(settings.api.remember_seconds),
    )
    return _build_use_cases(settings, engine, core)


@dataclass(frozen=True)
class Core:
    """The parts that several use cases share."""

    audit: Audit
    metrics: Metrics
    budget: RequestBudget
    policy: Policy
    client: CloudClient
    snapshot: Snapshot
    sessions: SessionStore
    changes: ChangeStore
    freezes: FreezeStore
    throttle: SignInThrottle
    remembered: Remembered


def _build_use_cases(settings: Settings, engine: Engine, core: Core) -> Portal:
    policy, changes, contact = core.policy, core.changes, settings.contact
    client, snapshot, audit = core.client, core.snapshot, core.audit
    gate = Gate(policy, core.freezes, contact)
    access = Access(policy, gate, audit, contact)
    groups = Groups(policy, access, snapshot, _now)
    events = ChangeEvents(audit, policy)
    settlement = Settlement(snapshot, changes, events, _now)
    ledger = Ledger(access, changes, settlement)
    sign_in = _build_sign_in(settings, core, gate)
    prover = Prover(policy, sign_in)
    rules = ScalingRules(policy, snapshot, changes, _now)
    conditions = Conditions(policy, client, snapshot, rules)
    applying = Applying(access, ledger, prover, conditions, client, snapshot, changes, events, _now)
    scaling = Scaling(access, ledger, snapshot, rules, changes, events, _now)
    power = Power(access, groups, ledger, changes, events, _now)
    administrator = _build_administrator(settings)
    keys, log = IdempotencyStore(engine), ActivityLog(client)
    return Portal(
        engine=engine,
        audit=audit,
        events=events,
        trail=Trail(audit, access),
        policy=policy,
        access=access,
        gate=gate,
        sign_in=sign_in,
        groups=groups,
        ledger=ledger,
        timeline=Timeline(access, snapshot, changes, log),
        scaling=scaling,
        power=power,
        prover=prover,
        applying=applying,
        settlement=settlement,
        submitting=Submitting(scaling, power, applying, ledger, keys, events, Turns(), _now),
        api_access=ApiAccess(policy, administrator, sign_in, core.remembered, changes),
        account=Account(policy, prover, core.sessions, core.remembered, audit, _now),
        administration=_build_administration(administrator, core),
        history=History(access, changes, log),
        key_health=KeyHealth(policy, client, snapshot, settings.cloud.key_id, _now),
        measuring=_build_measuring(core),
        readiness=Readiness(changes, snapshot, _now),
        housekeeping=Housekeeping(core.sessions, keys, _now),
    )


def _build_measuring(core: Core) -> Measuring:
    return Measuring(
        metrics=core.metrics,
        budget=core.budget,
        snapshot=core.snapshot,
        changes=core.changes,
        sessions=core.sessions,
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


def _build_sign_in(settings: Settings, core: Core, gate: Gate) -> SignIn:
    return SignIn(
        policy=core.policy,
        contact=settings.contact,
        places=SignInPlaces(core.snapshot, gate, settings.contact, _now),
        verifier=CredentialVerifier(),
        throttle=core.throttle,
        sessions=core.sessions,
        audit=core.audit,
        metrics=core.metrics,
        now=_now,
    )


def _build_administrator(settings: Settings) -> Administrator | None:
    admin = settings.admin
    return Administrator(admin.username, admin.password_hash) if admin else None


def _build_administration(administrator: Administrator | None, core: Core) -> Administration:
    return Administration(
        administrator=administrator,
        policy=core.policy,
        # One of its own: people's failures and hanging checks do not keep the administrator out.
        throttle=SignInThrottle(),
        sessions=core.sessions,
        remembered=core.remembered,
        freezes=core.freezes,
        audit=core.audit,
        metrics=core.metrics,
        now=_now,
    )


def _now() -> datetime:
    return datetime.now(UTC)
