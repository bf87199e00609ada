"""Reading a file with a bound, since others may replace it by a pipe, a device or endless text."""

import hashlib
import os
import stat
from functools import cache
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


def list_files(path: Path) -> list[Path]:
    """The file and those that go with it: each `*.yaml` of the folder beside it that has its name
    with the ending `.d`, by name, and each with another ending of YAML, for whoever reads them to
    refuse. Hidden ones are left out, as editors and mounts make them. A folder that cannot be
    listed stands in the place of its files, for whoever reads them to fail.
    """
    return [path, *_list_parts(_folder_of(path))]


def stamp_of(path: Path) -> tuple[object, ...]:
    """Differs once the file or one that goes with it was written, replaced, added or removed."""
    return tuple((item.name, *_status_of(item)) for item in list_files(path))


def digest_of(path: Path, most_bytes: int) -> str:
    """Tells the content of the file and of those that go with it from any other; empty if one of
    them cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for number, item in enumerate(list_files(path)):
            if number:
                digest.update(f"\n{item.name}\n".encode())
            digest.update(read_bounded(item, most_bytes))
    except OSError:
        return ""
    return digest.hexdigest()


@cache  # every request asks
def _folder_of(path: Path) -> Path:
    return path.with_suffix(".d")


def _list_parts(folder: Path) -> list[Path]:
    try:
        names = os.listdir(folder)  # noqa: PTH208 - a path for each name takes longer than the rest
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError:
        return [folder]
    return [folder / name for name in sorted(names) if _is_part(name)]


def _is_part(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")


def _status_of(path: Path) -> tuple[int, ...]:
    try:
        status = os.stat(path)  # noqa: PTH116 - every request asks, and this is twice as fast
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
