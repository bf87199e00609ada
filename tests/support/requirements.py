"""Programs that some tests need beside Python: without them a test is skipped, in CI it fails."""

import os
import shutil
from typing import NoReturn

import pytest

_SEARCH_PATH = os.pathsep.join(
    [os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"]
)


def require_program(*names: str, install: str) -> str:
    """Return the path of the first of `names` that is installed.

    Otherwise skip the test with a line that ends in `install`, the command to run; with
    the environment's CI being "true" fail it, so that CI cannot pass by leaving tests out.
    """
    return find_program(*names) or miss_program(names[0], install=install)


def find_program(*names: str) -> str | None:
    """The path of the first of `names` that is installed."""
    found = (shutil.which(name, path=_SEARCH_PATH) for name in names)
    return next((path for path in found if path), None)


def miss_program(name: str, *, install: str) -> NoReturn:
    """Skip the test, or fail it in CI, since `name` is not installed."""
    reason = f"needs a real {name}: {install}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
