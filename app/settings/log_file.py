"""Whether a log file can be written, found out without writing."""

import os
from pathlib import Path

REMEDY = "Name a file in a folder that the portal's user may write to."


def find_fault(path: Path) -> tuple[str, str] | None:
    """What is wrong with the place and what to do; None for one that can be used.

    A missing folder is no fault: it is made when the first line is written.
    """
    try:
        is_usable = _is_usable(path)
    except OSError:  # a name that is too long, a folder that nobody may look into
        is_usable = False
    return None if is_usable else ("names a file that cannot be written", REMEDY)


def _is_usable(path: Path) -> bool:
    if path.exists():
        return path.is_file() and os.access(path, os.W_OK)
    folder = next(parent for parent in path.parents if parent.exists())
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
