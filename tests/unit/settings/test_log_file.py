"""Settings of the log file, which is optional and must be writable."""

from pathlib import Path

import pytest

from tests.unit.settings.helpers import faults_of, load


# ASVS 16.2.3
def test_there_is_no_log_file_unless_one_is_named(root: Path) -> None:
    assert load(root).log_file is None


# ASVS 16.4.3
def test_a_log_file_has_a_size_and_a_number_of_backups(root: Path) -> None:
    file = load(root, PORTAL_LOG_FILE="logs/portal.log", PORTAL_LOG_BACKUPS="3").log_file
    assert file is not None
    assert (file.path, file.max_bytes, file.backups) == (root / "logs/portal.log", 1024 * 1024, 3)
    assert not (root / "logs").exists()


@pytest.mark.parametrize("path", ["configs", "configs/org_config.yaml/portal.log", "x" * 300])
def test_a_file_that_cannot_be_written_is_a_fault(root: Path, path: str) -> None:
    (line,) = faults_of(root, PORTAL_LOG_FILE=path)
    assert ": PORTAL_LOG_FILE: names a file that cannot be written." in line


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORTAL_LOG_MAX_BYTES", "999"),
        ("PORTAL_LOG_MAX_BYTES", "1e6"),
        ("PORTAL_LOG_BACKUPS", "0"),
        ("PORTAL_LOG_BACKUPS", "101"),
    ],
)
def test_the_figures_have_bounds(root: Path, name: str, text: str) -> None:
    (line,) = faults_of(root, **{name: text})
    assert line.startswith(f"environment: {name}: is not a whole number")
