"""A portal on each database, with its records."""

from pathlib import Path

import pytest

from tests.conftest import StartPortal
from tests.operations.steps import Records
from tests.support.portal import DATABASE_URL
from tests.support.postgresql import PostgresqlServer


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest, start_portal: StartPortal, tmp_path: Path) -> Records:
    """Those of a portal that serves."""
    server: PostgresqlServer | None = None
    settings = {}
    if request.param == "postgresql":
        settings = {DATABASE_URL: request.getfixturevalue("postgresql_url")}
        server = request.getfixturevalue("postgresql_server")
    return Records(start_portal(**settings), server, tmp_path / "copy")
