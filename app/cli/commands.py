"""The commands of `flask --app wsgi`: whether everything is set up, and serving."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.cli.audit import audit
from app.cli.cloud_client import make_client
from app.cli.config.command import config
from app.cli.database import db
from app.cli.demo.ports import is_port_free
from app.cli.hash_password import hash_password
from app.cli.schedule import schedule
from app.cli.starting import FAULTY_SETTINGS
from app.cli.worker import work
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
    flask_app.cli.add_command(config)
    flask_app.cli.add_command(schedule)


@click.command("check-settings")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object for programs.")
@click.option("--strict", "is_strict", is_flag=True, help="End with 1 where there are warnings.")
@with_appcontext
def check_settings(*, is_json: bool, is_strict: bool) -> None:
    """Say whether the settings, the key, the services and the store work; change nothing.

    Ends with 0 where the portal can work, 1 with --strict and a warning, 2 with a fault.
    """
    # What only this command needs is not in the memory of a portal that serves.
    from app.cli.check.command import check_all  # noqa: PLC0415
    from app.cli.check.report import exit_code, to_json  # noqa: PLC0415

    settings: Settings = current_app.extensions["settings"]
    checks = list(check_all(settings, make_client(settings.cloud, "check-settings"), _now))
    click.echo(to_json(checks) if is_json else "\n".join(item.to_line() for item in checks))
    raise SystemExit(exit_code(checks, is_strict=is_strict))


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


def _now() -> datetime:
    return datetime.now(UTC)
