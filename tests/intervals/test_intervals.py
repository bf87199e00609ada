"""A sample of `make intervals`: zones with unusual clocks, one year."""

import subprocess
import sys

SAMPLE = (
    "Europe/Berlin",
    "America/Havana",  # 00:00 is shown twice
    "America/Santiago",  # 00:00 is skipped
    "Australia/Lord_Howe",  # half an hour
    "Africa/Casablanca",  # by the moon
)


def test_intervals_are_those_of_a_walk_through_every_minute() -> None:
    # A process of its own: the walk changes the zone of the process.
    command = [sys.executable, "-m", "tests.intervals", "--years", "2026", "2026", *SAMPLE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7,300 intervals, 0 differ" in done.stdout
