"""Bringing the tables up to date, by Alembic."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.errors import StoreUnavailable
from app.store.database.tables_version import MIGRATIONS, NEWEST


def migrate(connection: Connection, found: str | None) -> None:
    """Take the tables from the version found to the newest, within the open transaction.

    Raises StoreUnavailable for a version that a newer portal has made: its rules may differ from
    those of this one, so that nothing must be written by both.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    if found and found not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreUnavailable(
            message=f"The database has the tables of version {found}, made by a newer version of "
            f"the portal; this one knows them up to {NEWEST}.",
            remedy="Start that newer version, or this one on a backup made before it.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
