"""Programs that a command starts are watched, and never left behind."""

import os
import sys
import time

import pytest

from app.cli.demo.children import Child, ChildEndedError

WAIT = "import time; print('ready', flush=True); time.sleep(60)"
IGNORE = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}"


def start(code: str) -> Child:
    """A child running this Python code."""
    command = [sys.executable, "-S", "-c", code]
    return Child("helper", command, environ=os.environ, is_piped=True)


def wait_for_line(child: Child) -> str:
    """The child's first line, within 5 seconds."""
    give_up_at = time.monotonic() + 5
    while not (line := child.read_line()):
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    return line


def is_running(child: Child) -> bool:
    """Whether the child runs."""
    try:
        child.check()
    except ChildEndedError:
        return False
    return True


def test_a_child_is_stopped_at_the_end() -> None:
    with start(WAIT) as child:
        assert wait_for_line(child) == "ready\n"
        assert is_running(child)
    assert not is_running(child)


def test_a_child_is_stopped_when_something_goes_wrong() -> None:
    with pytest.raises(ZeroDivisionError), start(WAIT) as child:
        raise ZeroDivisionError
    assert not is_running(child)


def test_a_child_that_will_not_stop_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.demo.children.STOP_SECONDS", 0.2)
    with start(IGNORE) as child:
        wait_for_line(child)
    assert not is_running(child)


def test_a_child_that_ends_is_named_with_its_code() -> None:
    with start("import sys; sys.exit(3)") as child:
        give_up_at = time.monotonic() + 5
        while is_running(child) and time.monotonic() < give_up_at:
            time.sleep(0.01)
        with pytest.raises(ChildEndedError, match="The helper ended by itself with code 3") as end:
            child.check()
    assert end.value.code == 3
