"""`flask --app wsgi db …`: bring the tables up to date, and copy the database while it is used."""

from pathlib import Path
from typing import TextIO

import click
from flask import current_app
from flask.cli import AppGroup
from pydantic import SecretStr

from app.domain.audit.chain import check_chain
from app.errors import StoreUnavailable
from app.settings import Settings
from app.settings.environment.addresses import parse_database_url
from app.settings.environment.parsers import UnusableValueError
from app.store.audit.log import EventStore
from app.store.database.backup import back_up
from app.store.database.engine import open_engine, upgrade
from app.store.database.transfer import transfer

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


@db.command("copy")
@click.option("--target-file", required=True, type=click.File(encoding="utf-8"))
def copy_to(target_file: TextIO) -> None:
    """Copy all records of SQLite to the empty PostgreSQL database whose URL a file holds.

    A file, since everybody on the machine sees what stands in a command line.
    """
    source = open_engine(_settings().database_url)
    target = open_engine(_target_in(target_file))
    try:
        counts = transfer(source, target)
        reports = [check_chain(EventStore(engine).iterate()) for engine in (source, target)]
    except StoreUnavailable as error:
        raise _refusal(error) from None
    finally:
        for engine in (source, target):
            engine.dispose()
    for table, count in counts.items():
        click.echo(f"{table}: {count}")
    if reports[0] != reports[1]:
        raise click.ClickException("The copied audit log is another one. Do not use the copy.")
    click.echo(f"Copied. The audit log has the same last hash: {reports[1].last_hash}")


def _target_in(file: TextIO) -> SecretStr:
    try:
        url = parse_database_url(file.readline().strip())
    except UnusableValueError as error:
        raise click.ClickException(f"The address in the file {error}.") from None
    if not url.startswith("postgresql"):
        raise click.ClickException("The target must be a PostgreSQL database.")
    return SecretStr(url)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _refusal(error: StoreUnavailable) -> click.ClickException:
    return click.ClickException(f"{error.message} {error.remedy}".strip())
