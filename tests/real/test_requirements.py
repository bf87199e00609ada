"""A missing program skips a test on a desk and fails it in CI."""

import sys
from pathlib import Path

import pytest

from tests.support.requirements import require_program

REASON = "needs a real no-such-program: apt-get install nothing"


def test_the_first_installed_name_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    python = Path(sys.executable)
    monkeypatch.setattr("tests.support.requirements._SEARCH_PATH", str(python.parent))
    assert require_program("no-such-program", python.name, install="nothing") == str(python)


@pytest.mark.parametrize("ci", [None, "", "false", "1"])
def test_a_missing_program_skips_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, ci: str | None
) -> None:
    monkeypatch.delenv("CI", raising=False)
    if ci is not None:
        monkeypatch.setenv("CI", ci)
    with pytest.raises(pytest.skip.Exception) as caught:
        require_program("no-such-program", install="apt-get install nothing")
    assert str(caught.value) == REASON


def test_a_missing_program_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception) as caught:
        require_program("no-such-program", install="apt-get install nothing")
    assert str(caught.value) == REASON
