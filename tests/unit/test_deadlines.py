"""The clock of one answer, moved by hand."""

import io
import socket
from types import SimpleNamespace

import pytest

from app.deadlines import _DeadlineReader


def test_each_read_may_take_only_what_is_left_of_the_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SimpleNamespace(now=100.0)
    fake_time = SimpleNamespace(monotonic=lambda: clock.now)
    monkeypatch.setattr("app.deadlines.time", fake_time)
    with socket.socket() as sock:
        sock.settimeout(10)
        reader = _DeadlineReader(sock, io.BytesIO(b"abc"))  # type: ignore[arg-type]  # any bytes do
        clock.now += 4
        assert reader.read(1) == b"a"
        assert sock.gettimeout() == 6
        clock.now += 5.5
        assert reader.read(1) == b"b"
        assert sock.gettimeout() == 0.5
        clock.now += 0.5
        with pytest.raises(TimeoutError):
            reader.read(1)
