"""The file that holds the last anchor of the audit log: beside the database, or elsewhere."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import StoreUnavailable
from app.files import read_bounded

MOST_BYTES = 1024
ONLY_ITS_OWNER = 0o600
LOCK_SECONDS = 1.0
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class AnchorFile:
    """One line in one file, which only its owner may read."""

    path: Path

    def read(self) -> str | None:
        """The line; None if there is no file, and an empty line if the file cannot be read."""
        try:
            return read_bounded(self.path, MOST_BYTES).decode("ascii", "replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return ""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """No other process of this machine writes it meanwhile. Raises StoreUnavailable where
        another one does for longer than LOCK_SECONDS."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # The folder itself: the file is replaced, and a file for the lock would stay behind.
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise _unwritable(error) from error
        try:
            _lock(folder, time.monotonic() + LOCK_SECONDS)
            yield
        finally:
            os.close(folder)  # this lets the lock go

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
            raise _unwritable(error) from error


def _lock(folder: int, give_up_at: float) -> None:
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= give_up_at:
                raise _unwritable(error) from error
            time.sleep(POLL_SECONDS)
        except OSError as error:
            raise _unwritable(error) from error
        else:
            return


def _unwritable(error: OSError) -> StoreUnavailable:
    return StoreUnavailable(
        message=f"The anchor of the audit log cannot be written ({error.strerror}).",
        remedy="Look after the file that PORTAL_AUDIT_ANCHOR names.",
    )
