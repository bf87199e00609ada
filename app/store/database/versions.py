"""Which version of the tables a database has, and whether this program knows it."""

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.errors import StoreUnavailable


def check_known(connection: Connection, config: Config) -> None:
    """Raises StoreUnavailable where a newer program has changed the tables.

    Its rules may differ from those of this one, so that nothing must be written by both.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config)
    if found is None or found in {script.revision for script in scripts.walk_revisions()}:
        return
    raise StoreUnavailable(
        message=f"The database has the tables of version {found}, made by a newer version of the "
        f"portal; this one knows them up to {scripts.get_current_head()}.",
        remedy="Start that newer version, or this one on a backup made before it.",
    )
