"""The log file of several processes: every line is in it or in a file put aside, none twice."""

import logging
from pathlib import Path

import pytest

from app.http.log_file import LogFileHandler

LINE = "x" * 99
LINES_A_FILE = 10


def make_handler(path: Path) -> LogFileHandler:
    """That of one process."""
    most_bytes = LINES_A_FILE * 100 + 50
    return LogFileHandler(path, maxBytes=most_bytes, backupCount=9, encoding="utf-8", delay=True)


def write(handler: LogFileHandler) -> None:
    handler.emit(logging.LogRecord("portal", logging.INFO, "", 0, LINE, (), None))


def test_a_full_file_is_put_aside_once_whoever_fills_it(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "portal.log"
    first, second = make_handler(path), make_handler(path)
    for _ in range(15):
        write(first)
        write(second)
    counts = {file.name: len(file.read_text().splitlines()) for file in path.parent.iterdir()}
    assert counts == {"portal.log": 10, "portal.log.1": 10, "portal.log.2": 10}
    first.close()
    second.close()


def test_who_comes_late_puts_no_new_file_aside(tmp_path: Path) -> None:
    path = tmp_path / "portal.log"
    first, second = make_handler(path), make_handler(path)
    write(second)
    for _ in range(LINES_A_FILE):
        write(first)
    second.doRollover()  # it had found the file full before the other one put it aside
    write(second)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["portal.log", "portal.log.1"]
    assert len(path.read_text().splitlines()) == 2
    first.close()
    second.close()


def test_it_goes_on_once_a_new_file_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def have_no_room(_: LogFileHandler) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(logging, "raiseExceptions", False)  # it would tell of the line that is lost
    path = tmp_path / "portal.log"
    handler = make_handler(path)
    write(handler)
    path.rename(tmp_path / "portal.log.1")  # by another process
    with monkeypatch.context() as disk:
        disk.setattr(LogFileHandler, "_open", have_no_room)
        write(handler)
    write(handler)
    assert path.read_text() == f"{LINE}\n"
    handler.close()
