"""Ledger and audit log, compared change by change."""

from datetime import datetime, timedelta

import pytest

from app.domain.audit.ledger_check import ChangeStep, LedgerReport, LedgerRow, check_ledger
from tests.unit.builders import NOW

LATER = NOW + timedelta(hours=1)
ONE, TWO = "ABCD-2345", "EFGH-2345"


def row(state: str, reference: str = ONE, settled_at: datetime | None = NOW) -> LedgerRow:
    """A change that was sent at NOW."""
    return LedgerRow(reference, state, NOW, settled_at)


def steps(*told: str, reference: str = ONE) -> list[ChangeStep]:
    """What the events say: an action, or an action with the state that it led to."""
    parts = (text.partition(" ") for text in told)
    return [ChangeStep(reference, action, state) for action, _, state in parts]


AGREEING = [
    (row("applied"), steps("confirm", "outcome applied")),
    (row("failed"), steps("confirm", "outcome", "outcome failed")),
    (row("unknown", settled_at=None), steps("confirm", "outcome")),
    (row("unknown"), steps("confirm", "outcome", "close_manually unknown")),
    (row("applying", settled_at=None), steps("confirm")),
    (row("applied"), steps("confirm", "not_sent", "confirm", "outcome applied")),
]
DIFFERING = [
    (row("applied"), [], "no event tells that the change ABCD-2345 was confirmed"),
    (row("applied"), steps("outcome applied"), "was confirmed"),
    (row("applied"), steps("confirm"), "no event tells how the change ABCD-2345 ended"),
    (row("applied"), steps("confirm", "not_sent"), "was confirmed"),
    (row("failed"), steps("confirm", "outcome applied"), "is failed in the ledger and applied in"),
    (row("applying", settled_at=None), steps("confirm", "outcome applied"), "the ledger does not"),
    (row("draft", settled_at=None), steps("confirm"), "which the ledger does not hold"),
    (row("applied", TWO), steps("confirm", "outcome applied"), "EFGH-2345 was confirmed"),
]


@pytest.mark.parametrize(("ledger", "told"), AGREEING)
def test_what_agrees_is_counted(ledger: LedgerRow, told: list[ChangeStep]) -> None:
    assert check_ledger([ledger], told, None) == LedgerReport(1)


@pytest.mark.parametrize(("ledger", "told", "words"), DIFFERING)
def test_what_differs_is_named(ledger: LedgerRow, told: list[ChangeStep], words: str) -> None:
    report = check_ledger([ledger], told, None)
    assert report.mismatches >= 1
    assert words in report.first


def test_an_outcome_without_its_change_is_found() -> None:
    report = check_ledger([], steps("confirm", "outcome applied"), None)
    assert (report.count, report.mismatches) == (0, 1)
    assert ONE in report.first


def test_drafts_and_what_was_never_sent_do_not_count() -> None:
    told = steps("confirm", "not_sent", reference=TWO)
    assert check_ledger([row("draft")], told, None) == LedgerReport(0)


@pytest.mark.parametrize("told", [[], steps("outcome applied")])
def test_events_that_were_pruned_are_not_missed(told: list[ChangeStep]) -> None:
    assert check_ledger([row("applied")], told, LATER) == LedgerReport(1)
    assert check_ledger([row("applied")], told, NOW - timedelta(hours=1)).mismatches == 1
