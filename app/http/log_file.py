"""The file of the log, which several processes write and one at a time puts aside."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path


class LogFileHandler(RotatingFileHandler):
    """Makes its folder when the first line is written; nobody but its owner may read the file.

    A process that finds the file put aside by another one goes on in the new one, and does not put
    that aside too.
    """

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - the library's name
        """Whether the file is full, of whatever the processes have written."""
        self._follow()
        return bool(super().shouldRollover(record))

    def doRollover(self) -> None:  # noqa: N802 - the library's name
        """Put it aside, unless another process is just doing so: then this line goes into the old
        one, and the next into the new."""
        with _locked(Path(self.baseFilename).parent) as is_locked:
            if is_locked and not self._follow():
                super().doRollover()

    def _follow(self) -> bool:
        """Go on in the new file where this one was put aside; whether that was so."""
        if not self.stream or _is_open_there(self.stream, self.baseFilename):
            return False
        fresh = self._open()  # where that fails the old one stays, and the next line tries again
        self.stream.close()
        self.stream = fresh
        return True

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        if path.is_file():  # and no device
            with suppress(OSError):  # it belongs to somebody else
                path.chmod(0o600)
        return super()._open()


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Whether no other process holds the folder; nobody waits for it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


def _is_open_there(stream: TextIOWrapper, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(path))  # noqa: PTH116 - samestat's own
    except FileNotFoundError:
        return False
