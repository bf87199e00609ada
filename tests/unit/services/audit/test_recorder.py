"""Who does what and from where, refusals that are only noted, and a bound on how many."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from app.context import SYSTEM, RequestContext, current_context, in_context
from app.domain.audit.chain import ChainEntry
from app.domain.audit.event_search import EVERYTHING
from app.domain.audit.events import AuditTarget, Channel, EventKind, Origin, Result
from app.errors import BrokenRules, ChangeInFlight, NotPossible, Problem, StoreUnavailable
from app.services.audit.recorder import AuditRecorder, bounded_origin, claimed
from app.services.audit.refusal_budget import (
    DAY_SECONDS,
    IN_A_DAY,
    IN_TOTAL,
    OF_STRANGERS_IN_A_DAY,
    PER_SOURCE,
    WINDOW_SECONDS,
    RefusalBudget,
)
from app.store.audit.log import EventStore
from app.store.database.engine import writing
from tests.support.events import EVENT, RememberedAudit
from tests.unit.builders import ALICE
from tests.unit.services.fakes import Clock
from tests.unit.services.world import ROOT

PAGE = Origin(Channel.PAGE, "192.0.2.1", "browser", "request-1", "session-1")
GROUP = AuditTarget("service-1", "Group")


@pytest.fixture
def audit(engine: Engine, clock: Clock) -> AuditRecorder:
    """Over an empty audit_log."""
    return AuditRecorder(EventStore(engine), clock, _budget=RefusalBudget(clock.seconds))


def count(audit: AuditRecorder) -> int:
    """How many events are kept."""
    return len(list(audit.store.iterate(EVERYTHING)))


def test_an_event_says_who_did_it_from_where(audit: AuditRecorder, clock: Clock) -> None:
    with in_context(RequestContext(PAGE)):
        event = audit.event(EventKind.STARTUP, "test", Result.SUCCESS, actor=ALICE, about=GROUP)
    assert (event.origin, event.about, event.time) == (PAGE, GROUP, clock())
    assert (event.actor.user, event.actor.method) == ("alice", "session")
    assert event.actor.roles == ("analytics_operator",)
    assert current_context().origin == SYSTEM


def test_the_administrators_mark_is_no_role(audit: AuditRecorder) -> None:
    event = audit.event(EventKind.STARTUP, "test", Result.SUCCESS, actor=ROOT)
    assert (event.actor.method, event.actor.roles) == ("administrator", ())


def test_nothing_is_longer_than_a_record_can_hold() -> None:
    long = "x" * 10_000
    assert len(claimed(long, long).warehouse) == 64
    assert len(claimed(long, long).user) == 256
    assert len(bounded_origin(Origin(Channel.PAGE, user_agent=long)).user_agent) == 256


def refuse(audit: AuditRecorder, address: str, kind: EventKind = EventKind.AUTHZ_FAIL) -> None:
    """One refusal of somebody at this address."""
    with in_context(RequestContext(Origin(Channel.PAGE, address))):
        audit.record_best_effort(audit.event(kind, "access", Result.FAIL))


# ASVS 2.4.1
def test_no_address_can_fill_the_log_with_refusals(audit: AuditRecorder) -> None:
    for address in ("192.0.2.1", "192.0.2.2"):
        for _ in range(PER_SOURCE + 5):
            refuse(audit, address)
    assert count(audit) == 2 * PER_SOURCE


# ASVS 2.4.1
def test_changing_addresses_cannot_fill_the_log_and_what_is_missing_is_told(
    audit: AuditRecorder, clock: Clock
) -> None:
    for number in range(IN_TOTAL + 7):
        refuse(audit, f"192.0.2.{number}")
    for number in range(3):
        refuse(audit, f"198.51.100.{number}", EventKind.LOGIN_FAIL)
    assert count(audit) == IN_TOTAL
    clock.advance(WINDOW_SECONDS)
    refuse(audit, "192.0.2.1")
    *_, first, second, last = audit.store.iterate(EVERYTHING)
    assert isinstance(first, ChainEntry)
    assert isinstance(second, ChainEntry)
    told = [(entry.values["kind"], entry.values["action"]) for entry in (first, second)]
    assert told == [("authn_login_fail", "not_kept"), ("authz_fail", "not_kept")]
    assert [entry.values["details"]["not_kept"] for entry in (first, second)] == [3, 7]
    assert second.values["details"]["note"] == "7 further refusals of this kind were not kept"
    assert second.values["source"]["door"] == "portal"
    assert isinstance(last, ChainEntry)
    assert last.values["action"] == "access"


def test_what_the_portal_does_by_itself_is_kept_in_a_flood(audit: AuditRecorder) -> None:
    for number in range(IN_TOTAL + 1):
        refuse(audit, f"192.0.2.{number}")
    stopped = audit.event(EventKind.SHUTDOWN, "stop", Result.SUCCESS)
    audit.record_best_effort(audit.as_system(stopped))
    assert count(audit) == IN_TOTAL + 1


def test_at_the_end_the_minute_under_way_is_told_too(audit: AuditRecorder) -> None:
    for number in range(IN_TOTAL + 2):
        refuse(audit, f"192.0.2.{number}")
    for _ in range(2):
        audit.record_not_kept()
    assert count(audit) == IN_TOTAL
    for _ in range(2):
        audit.record_not_kept(is_final=True)
    assert count(audit) == IN_TOTAL + 1


def test_a_flood_is_not_remembered_source_by_source(clock: Clock) -> None:
    budget = RefusalBudget(clock.seconds)
    event = replace(EVENT, kind=EventKind.AUTHZ_FAIL)
    for number in range(50_000):
        budget.admit(replace(event, origin=Origin(Channel.PAGE, f"192.0.2.{number}")))
    assert len(budget._by_source) == IN_TOTAL
    assert budget.take_not_kept(is_final=True) == {EventKind.AUTHZ_FAIL: 50_000 - IN_TOTAL}
    assert len(budget._by_source) == 0


def flood(budget: RefusalBudget, clock: Clock, minutes: int, session: str = "") -> int:
    """Refusals from ever other addresses, as many as a minute keeps; how many are kept."""
    kept = 0
    for minute in range(minutes):
        for number in range(IN_TOTAL + 1):
            origin = Origin(Channel.PAGE, f"192.0.{minute}.{number}", session=session)
            kept += budget.admit(replace(EVENT, kind=EventKind.AUTHZ_FAIL, origin=origin))
        clock.advance(WINDOW_SECONDS)
    return kept


def test_a_flood_that_goes_on_is_bounded_by_the_day_and_those_with_a_session_have_a_share(
    clock: Clock,
) -> None:
    budget = RefusalBudget(clock.seconds)
    assert flood(budget, clock, 30) == OF_STRANGERS_IN_A_DAY
    assert flood(budget, clock, 15, session="1a2b") == IN_A_DAY - OF_STRANGERS_IN_A_DAY
    own = replace(EVENT, kind=EventKind.SHUTDOWN, origin=Origin(Channel.PORTAL))
    assert budget.admit(own)
    sent = 45 * (IN_TOTAL + 1)
    assert budget.take_not_kept(is_final=True) == {EventKind.AUTHZ_FAIL: sent - IN_A_DAY}
    clock.advance(DAY_SECONDS)
    assert flood(budget, clock, 1) == IN_TOTAL


def test_what_is_recorded_has_no_such_bound(audit: AuditRecorder) -> None:
    for _ in range(PER_SOURCE + 5):
        audit.record(audit.event(EventKind.LOGIN_SUCCESS, "sign_in", Result.SUCCESS))
    assert count(audit) == PER_SOURCE + 5


def test_only_a_note_does_without_the_store(audit: AuditRecorder, engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE events"))
    event = audit.event(EventKind.AUTHZ_FAIL, "access", Result.FAIL)
    audit.record_best_effort(event)
    with pytest.raises(StoreUnavailable):
        audit.record(event)


@pytest.mark.parametrize(
    ("refusal", "kind", "details"),
    [
        (
            BrokenRules((Problem("b", "bad", "Bad."), Problem("canary", "unknown_field", "No."))),
            EventKind.INPUT_VALIDATION_FAIL,
            {"problems": [":unknown_field", "b:bad"], "requested": {"a": 1}},
        ),
        (ChangeInFlight(message="", remedy="", reference=""), EventKind.SEQUENCE_FAIL, {}),
    ],
)
def test_a_refusal_is_noted_by_its_kind_and_goes_on(
    refusal: BrokenRules | ChangeInFlight, kind: EventKind, details: dict[str, object]
) -> None:
    audit = RememberedAudit()
    with pytest.raises(type(refusal)), audit.recording_rejections(ALICE, "draft", GROUP, {"a": 1}):
        raise refusal
    (event,) = audit.events
    assert (event.kind, event.details, event.about) == (kind, details, GROUP)


def test_what_is_nobodys_doing_is_not_noted() -> None:
    audit = RememberedAudit()
    with pytest.raises(NotPossible), audit.recording_rejections(ALICE, "draft", GROUP):
        raise NotPossible(message="Not now.")
    assert audit.events == []
