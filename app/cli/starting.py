"""Read the settings at the start of a process, or end it with every fault on a line of its own."""

import os
import sys
from pathlib import Path

from app.errors import SettingsFault
from app.settings import Settings, load_settings

FAULTY_SETTINGS = 2
"""Exit code when nothing was started because something has to be set right first."""


def settings_or_exit(root: Path, exit_code: int = FAULTY_SETTINGS) -> Settings:
    """The settings of this process's environment. Raises SystemExit when they cannot be used."""
    try:
        return load_settings(os.environ, root=root)
    except SettingsFault as error:
        print(*error.faults, sep="\n", file=sys.stderr)
        raise SystemExit(exit_code) from None
