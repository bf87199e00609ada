"""Every requirement that applies has a test, and every id in a comment is a requirement."""

from pathlib import Path

import pytest

from tests.asvs.evidence import ROOT, NoTestHereError, ids_in, read_evidence
from tests.asvs.requirements import Standing, read_requirements

DEVIATIONS = {"13.2.1"}
SECTIONS = {"5.*", "6.5.*", "6.6.*", "10.3.*", "10.4.*", "10.6.*", "10.7.*", "17.*"}
"""Left out as a whole, because the portal has nothing of the kind."""


def test_every_requirement_that_applies_has_a_test() -> None:
    evidence = read_evidence()
    applies = [key for key, item in read_requirements().items() if item.standing is Standing.TEST]
    assert [key for key in applies if key not in evidence] == []


def test_no_comment_names_a_requirement_that_is_not_in_the_list() -> None:
    known = read_requirements()
    unknown = [
        f"{path.relative_to(ROOT)}:{named.line}: {named.key}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for named in ids_in(path.read_text(encoding="utf-8"))
        if named.key not in known
    ]
    assert unknown == []


def test_nothing_deviates_but_what_is_documented() -> None:
    found = {k for k, item in read_requirements().items() if item.standing is Standing.DEVIATES}
    assert found == DEVIATIONS
    words = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    assert all(f"ASVS {key}" in words for key in DEVIATIONS)


def test_whoever_is_not_tested_says_why() -> None:
    for item in read_requirements().values():
        assert bool(item.reason) == (item.standing is not Standing.TEST), item.key
        assert item.level in {1, 2, 3}


def test_of_level_one_nothing_is_left_for_later() -> None:
    late = [item.key for item in read_requirements().values() if item.standing is Standing.LATER]
    assert [key for key in late if read_requirements()[key].level == 1] == []


def test_the_list_is_in_order_and_whole_sections_are_left_out_once() -> None:
    keys = list(read_requirements())
    assert {key for key in keys if key.endswith("*")} == SECTIONS
    numbers = [[int(part) for part in key.rstrip(".*").split(".")] for key in keys]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "# ASVS 3.3.1 to 3.3.3, 7.2.1 and 8.1.1: why\n",
            ["3.3.1", "3.3.2", "3.3.3", "7.2.1", "8.1.1"],
        ),
        ("x = '# ASVS 3.3.1'\n", []),
        ("x = 1  # ASVS 16.4.1\n", ["16.4.1"]),
    ],
)
def test_ids_are_read_from_comments_alone(text: str, found: list[str]) -> None:
    assert [named.key for named in ids_in(text)] == found


def test_an_id_beside_no_test_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.asvs.evidence.ROOT", tmp_path)
    folder = tmp_path / "tests"
    folder.mkdir()
    file = folder / "test_a.py"
    file.write_text("# ASVS 1.1.1\n@mark\ndef test_a():\n    pass\n", encoding="utf-8")
    assert read_evidence() == {"1.1.1": {"tests/test_a.py::test_a"}}
    file.write_text("# ASVS 1.1.1\nX = 1\n\n\ndef test_a():\n    pass\n", encoding="utf-8")
    with pytest.raises(NoTestHereError):
        read_evidence()
