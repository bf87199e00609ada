"""What `check-settings` reports: lines for people, JSON for programs, and an exit code."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

STRICT_WARNINGS = 1
"""Exit code with `--strict` where nothing is faulty but something should be set right."""

FAULTY = 2
"""Exit code where the portal could not work as it is set up."""


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Check:
    """One finding: what it is about, how much it matters, what was found and what to do."""

    subject: str
    level: Level
    words: str
    remedy: str = ""

    def to_line(self) -> str:
        """One line of text; faults stand out."""
        level = self.level.upper() if self.level is Level.FAULT else self.level
        return f"{level:<8} {self.subject + ':':<11} {f'{self.words} {self.remedy}'.strip()}"


def to_json(checks: Iterable[Check]) -> str:
    """All findings as one JSON object; `result` is the worst level of all."""
    found = list(checks)
    report = {"result": worst(found), "checks": [asdict(check) for check in found]}
    return json.dumps(report, indent=2, ensure_ascii=False)


def worst(checks: Iterable[Check]) -> Level:
    """The worst level of all findings."""
    levels = {check.level for check in checks}
    return next(level for level in reversed(Level) if level in levels or level is Level.OK)


def exit_code(checks: Iterable[Check], *, is_strict: bool) -> int:
    """0 where the portal can work; warnings count only with `is_strict`."""
    level = worst(checks)
    if level is Level.FAULT:
        return FAULTY
    return STRICT_WARNINGS if is_strict and level is Level.WARNING else 0
