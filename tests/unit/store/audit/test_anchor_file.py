"""The file of the anchor: one line, replaced in one step, for its owner alone."""

import os
from pathlib import Path

import pytest

from app.errors import StoreUnavailable
from app.store.audit.anchor_file import AnchorFile

NAME = "an.anchor"


def test_a_line_is_read_back_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "instance" / NAME)
    assert file.read() is None
    for line in ("1:a:b:c", "2:a:b:c", "3:\udcff\u2028:b:c"):
        file.write(line)
    assert file.read() == "3:\\udcff\\u2028:b:c\n"
    (only,) = file.path.parent.iterdir()
    assert (only.name, only.stat().st_mode & 0o777) == (NAME, 0o600)


def test_what_is_no_ordinary_file_says_nothing_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    file = AnchorFile(tmp_path / NAME)
    assert file.read() == ""
    file.write("1:a:b:c")
    assert file.read() == "1:a:b:c\n"
    (tmp_path / NAME).write_bytes(b"x" * 5000)
    assert file.read() == ""


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = AnchorFile(tmp_path / "file" / NAME)
    assert file.read() is None
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        file.write("1:a:b:c")


def test_one_process_at_a_time_writes_it_and_the_others_do_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.audit.anchor_file.LOCK_SECONDS", 0.05)
    file = AnchorFile(tmp_path / "audit.anchor")
    with file.locked(), pytest.raises(StoreUnavailable), AnchorFile(file.path).locked():
        pass
    with file.locked():
        file.write("1:a:b:c")
    assert [item.name for item in tmp_path.iterdir()] == [file.path.name]
