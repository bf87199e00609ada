"""How findings become lines, JSON and an exit code."""

import json

import pytest

from app.cli.check.report import Check, Level, exit_code, to_json

OK = Check("store", Level.OK, "writable")
WARNING = Check("key", Level.WARNING, "The key never expires.", "Give it an expiry date.")
FAULT = Check("clock", Level.FAULT, "is wrong.", "Set it.")


@pytest.mark.parametrize(
    ("checks", "code", "strict_code"),
    [((), 0, 0), ((OK,), 0, 0), ((OK, WARNING), 0, 1), ((FAULT, OK, WARNING), 2, 2)],
)
def test_the_worst_finding_decides_the_exit_code(
    checks: tuple[Check, ...], code: int, strict_code: int
) -> None:
    assert exit_code(checks, is_strict=False) == code
    assert exit_code(checks, is_strict=True) == strict_code


def test_a_line_says_what_was_found_and_what_to_do() -> None:
    assert FAULT.to_line() == "FAULT    clock:      is wrong. Set it."
    assert OK.to_line() == "ok       store:      writable"


def test_json_has_the_worst_level_and_every_finding() -> None:
    report = json.loads(to_json([OK, WARNING]))
    assert report["result"] == "warning"
    assert report["checks"][1] == {
        "subject": "key",
        "level": "warning",
        "words": "The key never expires.",
        "remedy": "Give it an expiry date.",
    }
