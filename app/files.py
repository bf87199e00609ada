"""Reading a file with a bound, since others may replace it by a pipe, a device or endless text."""

import os
import stat
from pathlib import Path


class UnusableFileError(OSError):
    """The file is not an ordinary one, or is too large; the text says which."""


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """The content of an ordinary file. Raises OSError, and its kind UnusableFileError.

    Nothing else is opened: opening a pipe waits for whoever writes into it.
    """
    _check_ordinary(path.stat().st_mode)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        _check_ordinary(os.fstat(descriptor).st_mode)  # it may have been replaced in between
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise UnusableFileError(f"is larger than {most_bytes} bytes")
    return content


def _check_ordinary(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise UnusableFileError("is no ordinary file")
