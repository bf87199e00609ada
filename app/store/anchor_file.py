"""The file that holds the last anchor of the audit log: beside the database, or elsewhere."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import StoreUnavailable
from app.files import read_bounded

MOST_BYTES = 1024
ONLY_ITS_OWNER = 0o600


@dataclass(frozen=True)
class AnchorFile:
    """One line in one file, which only its owner may read."""

    path: Path

    def read(self) -> str | None:
        """The line; None if there is no file. What cannot be read is a line that says nothing."""
        try:
            return read_bounded(self.path, MOST_BYTES).decode("ascii", "replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return ""

    def write(self, line: str) -> None:
        """Put another line in its place, in one step. Raises StoreUnavailable."""
        text = line.encode("ascii", "backslashreplace")  # whatever somebody put into the log
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileNotFoundError):
                fresh.unlink()
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
            with os.fdopen(os.open(fresh, flags, ONLY_ITS_OWNER), "wb") as file:
                file.write(text + b"\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
        except OSError as error:
            raise StoreUnavailable(
                message=f"The anchor of the audit log cannot be written ({error.strerror}).",
                remedy="Look after the file that PORTAL_AUDIT_ANCHOR names.",
            ) from error
