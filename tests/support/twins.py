"""Two portals over one database, as two machines run them, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.portal import DATABASE_URL, SQLITE, PortalProcess
from tests.support.sandbox import RunningSandbox


@dataclass(frozen=True)
class Twins:
    """Two portals over one database."""

    first: PortalProcess
    second: PortalProcess

    @property
    def both(self) -> tuple[PortalProcess, PortalProcess]:
        """The one and the other."""
        return self.first, self.second

    def other(self, portal: PortalProcess) -> PortalProcess:
        """The one that this is not."""
        return self.second if portal is self.first else self.first


@contextmanager
def running_twins(
    folder: Path,
    sandbox: RunningSandbox,
    url: str,
    **options: Any,  # noqa: ANN401 - as PortalProcess takes them
) -> Iterator[Twins]:
    """Two that serve, each with a folder of its own, over the database at `url`; killed at the
    end."""
    portals, given = [], {**options, DATABASE_URL: url}
    for name in ("first", "second"):
        (folder / name).mkdir()
        portals.append(PortalProcess(folder / name, sandbox, **given))
    try:
        yield Twins(portals[0].start(), portals[1].start())
    finally:
        sandbox.clear_faults()
        for portal in portals:
            portal.kill()


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of the test's own, on either."""
    if request.param == "sqlite":
        return f"{SQLITE}{tmp_path}/shared.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url
