"""The one place that puts the parts of the portal together."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from app import VERSION
from app.cli.commands import register_commands
from app.clickhouse.verifier import CredentialVerifier
from app.cloud.budget import RequestBudget
from app.cloud.client import CloudClient
from app.cloud.http import CloudHttp
from app.cloud.snapshot import Snapshot
from app.services.groups import Groups
from app.services.portal import Portal
from app.services.readiness import Readiness
from app.services.scaling import Scaling
from app.services.settlement import Settlement
from app.services.sign_in import SignIn
from app.services.throttle import SignInThrottle
from app.settings.model import Settings
from app.store.changes import ChangeStore
from app.store.engine import open_engine
from app.store.sessions import SessionStore
from app.web import register_web

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """The application, wired. Nothing is read from or written to disk or network yet."""
    app = Flask("app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.extensions["portal"] = build_portal(settings)
    app.extensions["settings"] = settings
    register_web(app, settings)
    register_commands(app)
    return app


def build_portal(settings: Settings) -> Portal:
    """The use cases over their adapters."""
    client = _build_client(settings)
    snapshot = Snapshot(client)
    engine = open_engine(settings.database_url)
    changes = ChangeStore(engine)
    groups = Groups(settings.catalog, settings.contact, snapshot, changes, _now)
    settlement = Settlement(snapshot, changes, _now)
    return Portal(
        engine=engine,
        sign_in=_build_sign_in(settings, snapshot, _build_sessions(settings, engine)),
        groups=groups,
        scaling=Scaling(groups, client, snapshot, changes, settlement, _now),
        settlement=settlement,
        readiness=Readiness(engine, snapshot, _now),
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


def _build_sign_in(settings: Settings, snapshot: Snapshot, sessions: SessionStore) -> SignIn:
    return SignIn(
        catalog=settings.catalog,
        contact=settings.contact,
        snapshot=snapshot,
        verifier=CredentialVerifier(),
        throttle=SignInThrottle(),
        sessions=sessions,
        now=_now,
    )


def _now() -> datetime:
    return datetime.now(UTC)
