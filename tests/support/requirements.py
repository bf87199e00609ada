"""Programs that some tests need beside Python: without them a test is skipped, in CI it fails."""

import os
import shutil

import pytest

_SEARCH_PATH = os.pathsep.join(
    [os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"]
)


def require_program(*names: str, install: str) -> str:
    """Return the path of the first of `names` that is installed.

    Otherwise skip the test with a line that ends in `install`, the command to run; with
    the environment's CI being "true" fail it, so that CI cannot pass by leaving tests out.
    """
    for name in names:
        path = shutil.which(name, path=_SEARCH_PATH)
        if path is not None:
            return path
    reason = f"needs a real {names[0]}: {install}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
