"""`flask --app wsgi db …`: bring the tables up to date, and copy the database while it is used."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.errors import StoreUnavailable
from app.settings import Settings
from app.store.database.backup import back_up
from app.store.database.engine import open_engine, upgrade

db = AppGroup("db", help="Look after the portal's own records.")


@db.command("upgrade")
def upgrade_tables() -> None:
    """Bring the tables up to date, as every start does."""
    engine = open_engine(_settings().database_url)
    try:
        upgrade(engine)
    except StoreUnavailable as error:
        raise _refusal(error) from None
    finally:
        engine.dispose()
    click.echo("The tables are up to date.")


@db.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def back_up_to(file: Path) -> None:
    """Copy the records to FILE, which must not exist, while the portal goes on."""
    engine = open_engine(_settings().database_url)
    try:
        back_up(engine, file)
    except StoreUnavailable as error:
        raise _refusal(error) from None
    finally:
        engine.dispose()
    click.echo(f"Copied to {file}.")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _refusal(error: StoreUnavailable) -> click.ClickException:
    return click.ClickException(f"{error.message} {error.remedy}".strip())
