"""Where a change stands, in words: each state and each effect has its own."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState, SettledBy
from app.domain.changes.effect import Effect
from app.domain.groups.states import ServiceState, Tone
from app.domain.readings import Freshness
from app.web.changes.page import ChangePage
from app.web.changes.steps import steps_of
from app.web.changes.wording import OUTCOMES, headline_of, how_determined, outcome_of
from tests.unit.builders import (
    NOW,
    VERTICAL,
    changed,
    make_change,
    make_command,
    make_group,
    make_service,
)

GROUP = make_group(make_service(active_entry="Campaign days"))
APPLIED = make_change(state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)


def make(state: ChangeState, *, is_settled: bool = False) -> Change:
    """A change in this state, with a note."""
    return make_change(
        state=state,
        sent_at=None if state is ChangeState.DRAFT else NOW,
        settled_at=NOW if is_settled else None,
        settled_by=SettledBy.PERSON if is_settled else None,
        settled_note="A note.",
    )


@pytest.mark.parametrize("state", sorted(set(ChangeState) - {ChangeState.APPLIED}))
@pytest.mark.parametrize("is_settled", [False, True])
def test_every_state_has_a_headline(state: ChangeState, is_settled: bool) -> None:
    headline = headline_of(make(state, is_settled=is_settled), Effect.NOT_KNOWN, GROUP)
    assert headline.title
    assert headline.text.endswith(".")
    assert headline.tone in set(Tone)


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_has_a_headline_of_its_own(effect: Effect) -> None:
    headline = headline_of(APPLIED, effect, GROUP)
    assert headline.title
    assert headline.text.endswith(".")
    assert headline.tone in set(Tone)
    others = [headline_of(APPLIED, other, GROUP) for other in Effect if other is not effect]
    assert headline not in others


@pytest.mark.parametrize(
    ("state", "is_settled", "words"),
    [
        (ChangeState.DRAFT, False, ["Nothing was sent"]),
        (ChangeState.APPLYING, False, ["not answered yet"]),
        (ChangeState.UNCHANGED, True, ["as requested already", "nothing was sent"]),
        (ChangeState.REJECTED, True, ["Nothing was changed", "says: A note."]),
        (ChangeState.FAILED, True, ["Nothing was changed", "A note."]),
        (ChangeState.UNKNOWN, False, ["A note.", "sends nothing again", "nobody can change"]),
        (ChangeState.UNKNOWN, True, ["A note."]),
    ],
)
def test_a_headline_says_what_is_known_and_no_more(
    state: ChangeState, is_settled: bool, words: list[str]
) -> None:
    text = headline_of(make(state, is_settled=is_settled), Effect.NOT_KNOWN, GROUP).text
    for word in words:
        assert word in text


READ_BACK = replace(APPLIED, settled_by=SettledBy.READING)


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("action", Action)
def test_what_was_only_read_back_claims_no_acceptance(action: Action, effect: Effect) -> None:
    change = replace(READ_BACK, action=action)
    headline = headline_of(change, effect, GROUP)
    steps = [step.label for step in steps_of(change, effect, NOW)]
    assert headline.text.endswith("cannot be told.")
    assert "ccepted" not in " ".join([headline.title, headline.text, outcome_of(change), *steps])
    accepted = headline_of(replace(APPLIED, action=action), effect, GROUP)
    assert "cannot be told" not in accepted.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (READ_BACK, "Whether this change or another made it so cannot be told."),
        (make(ChangeState.FAILED, is_settled=True), "configuration back. A note."),
        (make(ChangeState.UNCHANGED, is_settled=True), "before the change was to be sent"),
    ],
)
def test_how_it_is_known_is_said(change: Change, words: str) -> None:
    assert words in how_determined(change)


def test_waiting_for_the_schedule_names_its_entry() -> None:
    assert "“Campaign days”" in headline_of(APPLIED, Effect.WAITS_FOR_SCHEDULE, GROUP).text


def test_a_stop_that_ended_idle_is_not_called_stopped() -> None:
    stop = make_command(Action.STOP, state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)
    idle = make_group(make_service(state=ServiceState.IDLE))
    headline = headline_of(stop, Effect.IN_EFFECT, idle)
    assert headline.title == "Idle"
    assert "next connection wakes it" in headline.text
    assert headline_of(stop, Effect.IN_EFFECT, GROUP).title == "Stopped"


@pytest.mark.parametrize("change", [make(ChangeState.UNKNOWN), APPLIED])
@pytest.mark.parametrize("taken_at", [NOW, None])
def test_a_group_that_is_gone_is_said_to_be_so_where_cloud_was_read(
    change: Change, taken_at: datetime | None
) -> None:
    page = ChangePage(
        change,
        make_group(None),
        Freshness(taken_at, 0, None),
        Effect.NOT_KNOWN,
        may_close=False,
        now=NOW,
    )
    said = "deleted, or no longer visible to the portal's key" in page.headline.text
    assert said is (taken_at is not None)


def test_a_group_that_cloud_does_not_show_still_has_a_headline() -> None:
    assert headline_of(APPLIED, Effect.NOT_KNOWN, make_group(None)).title == "Accepted"


@pytest.mark.parametrize(
    ("change", "effect", "is_moving"),
    [
        (make(ChangeState.APPLYING), Effect.NOT_KNOWN, True),
        (make(ChangeState.UNKNOWN), Effect.SUPERSEDED, True),
        (make(ChangeState.UNKNOWN, is_settled=True), Effect.NOT_KNOWN, False),
        (make(ChangeState.REJECTED, is_settled=True), Effect.NOT_KNOWN, False),
        (APPLIED, Effect.ON_ITS_WAY, True),
        (APPLIED, Effect.NOT_KNOWN, True),
        (APPLIED, Effect.IN_EFFECT, False),
        (APPLIED, Effect.SUPERSEDED, False),
    ],
)
def test_a_page_looks_again_only_while_something_new_can_come(
    change: Change, effect: Effect, is_moving: bool
) -> None:
    page = ChangePage(change, GROUP, Freshness(NOW, 0, None), effect, may_close=False, now=NOW)
    assert page.is_moving is is_moving


def test_every_state_has_a_word_for_lists() -> None:
    assert set(OUTCOMES) == set(ChangeState)


@pytest.mark.parametrize("effect", Effect)
def test_of_a_change_of_idling_alone_no_size_is_told(effect: Effect) -> None:
    target = changed(VERTICAL, idle_timeout_minutes=30)
    idling = make_change(VERTICAL, target, state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)
    text = headline_of(idling, effect, GROUP).text
    assert "size" not in text
    assert "replicas" not in text


@pytest.mark.parametrize(
    ("seconds", "is_told"), [(-7200, False), (0, False), (0.9, False), (1, True), (90, True)]
)
def test_no_change_was_requested_zero_seconds_ago(seconds: float, is_told: bool) -> None:
    now = NOW + timedelta(seconds=seconds)
    page = ChangePage(
        APPLIED, GROUP, Freshness(NOW, 0, None), Effect.ON_ITS_WAY, may_close=False, now=now
    )
    assert page.has_age is is_told
