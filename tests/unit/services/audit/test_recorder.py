"""Who actions and from where, refusals that are only noted, and a bound on how many."""

import pytest
from sqlalchemy import Engine, text

from app.context import SYSTEM, RequestContext, current_context, in_context
from app.domain.audit.events import AuditTarget, Channel, EventKind, Origin, Result
from app.errors import BrokenRules, ChangeInFlight, NotPossible, Problem, StoreUnavailable
from app.services.audit.recorder import NOTES_PER_MINUTE, AuditRecorder, bounded_origin, claimed
from app.store.audit import EVERYTHING, EventStore
from app.store.engine import writing
from tests.support.events import RememberedAudit
from tests.unit.builders import ALICE
from tests.unit.services.fakes import Clock
from tests.unit.services.world import ROOT

PAGE = Origin(Channel.PAGE, "192.0.2.1", "browser", "request-1", "session-1")
GROUP = AuditTarget("service-1", "Group")


@pytest.fixture
def audit(engine: Engine, clock: Clock) -> AuditRecorder:
    """Over an empty trail."""
    return AuditRecorder(EventStore(engine), clock)


def count(audit: AuditRecorder) -> int:
    """How many events are kept."""
    return len(list(audit.store.iterate(EVERYTHING)))


def test_an_event_says_who_acts_from_where(audit: AuditRecorder, clock: Clock) -> None:
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


# ASVS 2.4.1
def test_no_address_can_fill_the_trail_with_refusals(audit: AuditRecorder) -> None:
    for address in ("192.0.2.1", "192.0.2.2"):
        with in_context(RequestContext(Origin(Channel.PAGE, address))):
            for _ in range(NOTES_PER_MINUTE + 5):
                audit.record_best_effort(audit.event(EventKind.AUTHZ_FAIL, "access", Result.FAIL))
    assert count(audit) == 2 * NOTES_PER_MINUTE


def test_what_is_recorded_has_no_such_bound(audit: AuditRecorder) -> None:
    for _ in range(NOTES_PER_MINUTE + 5):
        audit.record(audit.event(EventKind.LOGIN_SUCCESS, "sign_in", Result.SUCCESS))
    assert count(audit) == NOTES_PER_MINUTE + 5


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
