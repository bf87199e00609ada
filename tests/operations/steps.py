"""What docs/operating.md tells an operator to do, step by step."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.portal import DATABASE_URL, ROOT, PortalProcess
from tests.support.postgresql import PostgresqlServer, find_binaries

Done = subprocess.CompletedProcess[str]


def command(portal: PortalProcess, *arguments: str, entry: str = "wsgi") -> Done:
    """`flask --app wsgi …` with the settings of a portal; another entry if named."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", entry, *arguments],
        cwd=ROOT,
        env=portal._environ(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def postgresql_program(name: str, *arguments: str) -> None:
    """One of the server's own programs."""
    done = subprocess.run(
        [str(find_binaries() / name), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Records:
    """The records of a portal, to be copied and put back as the documents say."""

    portal: PortalProcess
    server: PostgresqlServer | None
    copy: Path

    def back_up(self) -> None:
        """While the portal goes on."""
        if self.server:
            url = self.portal.database_url
            postgresql_program("pg_dump", "--format=custom", f"--file={self.copy}", url)
            return
        done = command(self.portal, "db", "backup", str(self.copy))
        assert done.returncode == 0, done.stderr

    def put_back(self) -> None:
        """After the portal has stopped: into the place of the file, or into a new database."""
        if self.server:
            url = self.server.url(self.server.create_database())
            options = ["--no-owner", "--single-transaction", "--exit-on-error"]
            postgresql_program("pg_restore", *options, f"--dbname={url}", str(self.copy))
            self.portal._settings[DATABASE_URL] = url
            return
        path = self.portal.database_path
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            found = path.with_name(name)
            if found.exists():
                found.rename(path.with_name(f"{name}.damaged"))
        shutil.copy(self.copy, path)
