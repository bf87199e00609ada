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
from app.cloud.budget import RequestBudget
from app.cloud.client import CloudClient
from app.cloud.http import CloudHttp
from app.cloud.snapshot import Snapshot
from app.services.account import Account
from app.services.administration import Administration, Administrator
from app.services.api_access import ApiAccess
from app.services.applying import Applying
from app.services.conditions import Conditions
from app.services.gate import Gate
from app.services.groups import Groups
from app.services.housekeeping import Housekeeping
from app.services.key_health import KeyHealth
from app.services.ledger import Ledger
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
from app.services.submitting import Submitting
from app.services.throttle import SignInThrottle
from app.services.timeline import Timeline
from app.services.turns import Turns
from app.settings import Settings, load_catalog
from app.store.changes import ChangeStore
from app.store.engine import open_engine
from app.store.freezes import FreezeStore
from app.store.idempotency import IdempotencyStore
from app.store.sessions import SessionStore
from app.web import register_web
from app.web.forms import csrf_of

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """The application, wired. Nothing is read from or written to disk or network yet."""
    app = Flask("app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.extensions["portal"] = build_portal(settings)
    app.extensions["settings"] = settings
    register_web(app, settings)
    register_api(app, settings, csrf_of(app))
    register_commands(app)
    return app


def build_portal(settings: Settings) -> Portal:
    """The use cases over their adapters."""
    client = _build_client(settings)
    engine = open_engine(settings.database_url)
    core = Core(
        policy=Policy(settings.config_file, load_catalog, settings.catalog),
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
    client, snapshot = core.client, core.snapshot
    groups = Groups(policy, contact, snapshot, _now)
    gate = Gate(policy, core.freezes, contact)
    settlement = Settlement(snapshot, changes, _now)
    ledger = Ledger(groups, changes, settlement)
    sign_in = _build_sign_in(settings, core, gate)
    prover = Prover(policy, sign_in)
    rules = ScalingRules(policy, snapshot, changes, _now)
    conditions = Conditions(policy, client, snapshot, rules)
    applying = Applying(groups, ledger, gate, prover, conditions, client, snapshot, changes, _now)
    scaling = Scaling(groups, ledger, gate, client, snapshot, rules, changes, _now)
    power = Power(groups, ledger, gate, changes, _now)
    administrator = _build_administrator(settings)
    keys = IdempotencyStore(engine)
    return Portal(
        engine=engine,
        policy=policy,
        gate=gate,
        sign_in=sign_in,
        groups=groups,
        ledger=ledger,
        timeline=Timeline(groups, snapshot, changes),
        scaling=scaling,
        power=power,
        prover=prover,
        applying=applying,
        settlement=settlement,
        submitting=Submitting(scaling, power, applying, ledger, keys, Turns(), _now),
        api_access=ApiAccess(policy, administrator, sign_in, core.remembered, changes),
        account=Account(policy, prover, core.sessions, core.remembered, _now),
        administration=_build_administration(administrator, core),
        key_health=KeyHealth(policy, client, snapshot, settings.cloud.key_id, _now),
        readiness=Readiness(engine, snapshot, _now),
        housekeeping=Housekeeping(core.sessions, keys, _now),
    )


def _build_client(settings: Settings) -> CloudClient:
    cloud = settings.cloud
    http = CloudHttp(
        url=cloud.url,
        key_id=cloud.key_id,
        key_secret=cloud.key_secret,
        user_agent=f"clickhouse-compute-portal/{VERSION}",
        budget=RequestBudget(),
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
        snapshot=core.snapshot,
        verifier=CredentialVerifier(),
        throttle=core.throttle,
        sessions=core.sessions,
        now=_now,
        gate=gate,
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
        now=_now,
    )


def _now() -> datetime:
    return datetime.now(UTC)
