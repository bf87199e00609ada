"""The commands of `flask --app wsgi`: whether everything is set up, and serving."""

import os
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.cli.audit import audit
from app.cli.check.command import check_all
from app.cli.database import db
from app.cli.demo.ports import is_port_free
from app.cli.hash_password import hash_password
from app.cli.schedule import schedule
from app.cli.starting import FAULTY_SETTINGS
from app.cli.worker import work
from app.cloud.client import CloudClient
from app.cloud.transport.budget import RequestBudget, UsageOfOneProcess
from app.cloud.transport.retries import CloudHttp
from app.domain.history.activities import PORTAL_AGENT
from app.metrics import Metrics
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = [sys.executable, "-m", "gunicorn", "-c", "configs/gunicorn.py", "wsgi:app"]


def register_commands(flask_app: Flask) -> None:
    """Add the commands. They read the settings at `extensions["settings"]`."""
    flask_app.cli.add_command(check_settings)
    flask_app.cli.add_command(serve)
    flask_app.cli.add_command(hash_password)
    flask_app.cli.add_command(db)
    flask_app.cli.add_command(audit)
    flask_app.cli.add_command(work)
    flask_app.cli.add_command(schedule)


@click.command("check-settings")
@with_appcontext
def check_settings() -> None:
    """Say whether the settings, the key, the services and the store work; change nothing."""
    settings: Settings = current_app.extensions["settings"]
    checks = list(check_all(settings, _client(settings)))
    for check in checks:
        click.echo(f"{'ok' if check.is_ok else 'FAULT':<6} {check.subject + ':':<10} {check.words}")
    if not all(check.is_ok for check in checks):
        raise SystemExit(FAULTY_SETTINGS)


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Serve the portal with gunicorn, in place of this process."""
    settings: Settings = current_app.extensions["settings"]
    host, port = settings.host, settings.port
    if not is_port_free(port, host):
        what = f"Port {port} is taken, or {host} is no address of this machine."
        click.echo(f"{what} Set PORTAL_PORT or PORTAL_HOST and start again.", err=True)
        raise SystemExit(FAULTY_SETTINGS)
    os.chdir(ROOT)
    os.execv(SERVER[0], SERVER)  # noqa: S606 - fixed arguments, no shell


def _client(settings: Settings) -> CloudClient:
    access = settings.cloud
    http = CloudHttp(
        url=access.url,
        key_id=access.key_id,
        key_secret=access.key_secret,
        user_agent=f"{PORTAL_AGENT} check-settings",
        budget=RequestBudget(UsageOfOneProcess()),
        metrics=Metrics(),
    )
    return CloudClient(http, access.organization_id)
