"""A view of this machine that is as bare as an image: nothing in /opt and /var/lib but what is put
there, and Python in /usr/local. It is a mount namespace of a process of ours, gone with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.requirements import require_program

# Folders of /opt stay, as package indexes may lie there; the portal's own is new.
PREAMBLE = """
set -eu
mount --bind {prefix} /usr/local
mkdir -p {stash} && mount --bind /opt {stash}
mount -t tmpfs -o mode=755 none /opt
for folder in {stash}/*/; do
    [ -d "$folder" ] || continue
    name=$(basename "$folder"); mkdir "/opt/$name"; mount --bind "$folder" "/opt/$name"
done
mount -t tmpfs -o mode=755 none /var/lib
"""


def bare(script: str, folder: Path) -> list[str]:
    """The command that runs a shell script in such a view. Skips the test where that is not
    possible, and fails it in CI."""
    unshare = require_program("unshare", install="apt-get install util-linux")
    if os.geteuid() != 0:
        pytest.skip("needs root for a mount namespace")
    prefix = Path(sys.base_prefix)
    preamble = PREAMBLE.format(prefix=prefix, stash=folder / "opt")
    path = folder / "script.sh"
    path.write_text(preamble + script, encoding="utf-8")
    return [unshare, "--mount", "--propagation", "private", "sh", str(path)]


def bare_environment() -> dict[str, str]:
    """Only what pip needs to find its packages here, and the path of an image."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "LD_LIBRARY_PATH": "/usr/local/lib",  # a Python that was built elsewhere looks there
        "HOME": "/nonexistent",
        **kept,
    }


def run_bare(
    script: str, folder: Path, *, seconds: float = 60
) -> "subprocess.CompletedProcess[str]":
    """Run it to its end."""
    return subprocess.run(
        bare(script, folder),
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
