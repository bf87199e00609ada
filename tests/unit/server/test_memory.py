"""Threads take memory from arenas that they share."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import re, threading
from pathlib import Path
from app.server.memory import share_arenas

def reserved_mb():
    return int(re.search(r"VmSize:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

if {is_sharing}:
    share_arenas()
before, barrier = reserved_mb(), threading.Barrier(8)

def hold():
    kept = bytearray(100_000)
    barrier.wait()

threads = [threading.Thread(target=hold) for _ in range(7)]
for thread in threads:
    thread.start()
kept = reserved_mb() - before
barrier.wait()
print(kept)
"""


def reserved_mb(*, is_sharing: bool) -> int:
    """What seven threads reserve that hold some memory."""
    command = [sys.executable, "-c", PROGRAM.format(is_sharing=is_sharing)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no arenas")
def test_threads_reserve_much_less_where_they_share() -> None:
    assert reserved_mb(is_sharing=True) + 200 < reserved_mb(is_sharing=False)
