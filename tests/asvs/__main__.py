"""`make asvs`: runs the tests that prove requirements, and prints the list with the outcome."""

import sys
from collections import defaultdict

import pytest

from tests.asvs.evidence import read_evidence
from tests.asvs.requirements import Requirement, Standing, read_requirements

WORDS = {
    Standing.LATER: "not yet",
    Standing.NONE: "does not apply",
    Standing.DEVIATES: "deviates",
}


class Outcomes:
    """What became of each test; one with several cases has passed if all of them have."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest for each phase of each test."""
        if report.when == "call" or report.outcome != "passed":
            self._seen[report.nodeid.partition("[")[0]].add(report.outcome)

    def of(self, test: str) -> str:
        """passed, failed, skipped, or not run."""
        seen = self._seen.get(test, {"not run"})
        return next(word for word in ("failed", "not run", "skipped", "passed") if word in seen)


def main() -> int:
    """Print the list; 1 if a requirement that applies is not proven."""
    requirements, evidence = read_requirements(), read_evidence()
    tests = sorted({test for found in evidence.values() for test in found})
    outcomes = Outcomes()
    options = [
        "-n",
        "4",
        "--dist",
        "worksteal",
        "--tb=short",
        "-m",
        "not fuzz and not tour and not crash and not soak",
    ]
    pytest.main([*options, *tests], plugins=[outcomes])
    unproven = 0
    for item in requirements.values():
        state = _print(item, sorted(evidence.get(item.key, ())), outcomes)
        unproven += state not in {"passed", *WORDS.values()}
    print(_summary(requirements, unproven))
    return 1 if unproven else 0


def _print(item: Requirement, tests: list[str], outcomes: Outcomes) -> str:
    state = WORDS.get(item.standing) or _together([outcomes.of(test) for test in tests])
    print(f"{item.key:<7} L{item.level}  {state:<14}  {item.words}")
    if item.reason:
        print(f"{'':28}({item.reason})")
    for test in tests:
        print(f"{'':28}{outcomes.of(test)}: {test}")
    return state


def _together(states: list[str]) -> str:
    if not states:
        return "no test"
    return next((state for state in states if state != "passed"), "passed")


def _summary(requirements: dict[str, Requirement], unproven: int) -> str:
    lines = []
    for level in (1, 2, 3):
        standings = [item.standing for item in requirements.values() if item.level == level]
        counts = ", ".join(f"{standings.count(one)} {one}" for one in Standing)
        lines.append(f"level {level}: {counts}")
    return "\n".join([*lines, f"not proven: {unproven}"])


if __name__ == "__main__":
    sys.exit(main())
