"""The Compute Group Portal: scale the compute groups of a ClickHouse Cloud warehouse, in bounds.

This module imports nothing of the portal, so that the sandbox, which lives in the same package,
starts without a line of it. `app.wiring` puts the use cases together, `app.factory` the
application.
"""

import tomllib
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

VERSION: str = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
"""Written down in pyproject.toml alone, where tools look for it too."""
