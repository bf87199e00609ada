"""For how long the proof counts that the company's sign-in has given anew."""

from typing import Any

import pytest

from app.domain.changes.reauthentication import REAUTHENTICATION_LIFE
from app.web import step_up

LIFE = int(REAUTHENTICATION_LIFE.total_seconds())
DRAFT, TOKEN = "2222-2222", "a token"


@pytest.fixture
def cookie(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the browser keeps, with a proof for a draft, noted at second 1000."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(step_up, "session", kept)
    monkeypatch.setattr("time.time", lambda: 1000.0)
    step_up.note_step_up(DRAFT, TOKEN)
    return kept


@pytest.mark.parametrize(
    ("age_seconds", "counts"),
    [(0, True), (LIFE, True), (LIFE + 1, False), (-1, True), (-60, True), (-61, False)],
)
def test_it_counts_by_clocks_that_are_a_small_step_apart(
    cookie: dict[str, Any], monkeypatch: pytest.MonkeyPatch, age_seconds: int, counts: bool
) -> None:
    monkeypatch.setattr("time.time", lambda: 1000.0 + age_seconds)
    assert step_up.has_stepped_up(DRAFT, TOKEN) is counts


@pytest.mark.parametrize(("draft", "token"), [("3333-3333", TOKEN), (DRAFT, "another token")])
def test_it_counts_for_that_draft_of_that_session_alone(
    cookie: dict[str, Any], draft: str, token: str
) -> None:
    assert not step_up.has_stepped_up(draft, token)
