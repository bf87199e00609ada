"""Values from outside that a database may not know: they find nothing, and nothing breaks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.domain.access.freeze import Freeze
from app.domain.access.permissions import Identity
from app.domain.audit.chain import check_chain
from app.domain.audit.event_search import EventFilter
from app.domain.audit.events import LONGEST, Actor, AuditTarget
from app.store.audit.log import EventStore
from app.store.changes import ChangeStore
from app.store.freezes import FreezeStore
from app.store.idempotency import IdempotencyStore, KeyUse
from app.store.schema import events
from app.store.sign_in.known_addresses import KnownAddressStore
from app.store.sign_in.session_rows import LONGEST_ADDRESS
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.verifications import VerificationStore
from tests.support.events import EVENT
from tests.unit.builders import NOW, make_change

ODD_TEXT = st.text(st.characters(codec=None, categories=None) | st.sampled_from("\0\ud800\udfff"))
ODD_NUMBER = st.integers(-(10**30), 10**30)
EXAMPLES = ("\0", "a\0b", "\ud800", "x" * 300, "%00", "'; --", "\N{PILE OF POO}")

ODD = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def sessions_of(engine: Engine) -> SessionStore:
    """The sessions in this database."""
    return SessionStore(engine, timedelta(minutes=30), timedelta(hours=8), 5)


@ODD
@given(odd=ODD_TEXT)
@example("\0")
@example("\ud800")
@example("x" * 300)
def test_odd_text_finds_nothing(engine: Engine, odd: str) -> None:
    assert ChangeStore(engine).find_change(odd) is None
    assert ChangeStore(engine).find_in_flight(odd) is None
    assert ChangeStore(engine).list_recent(odd, by=None, most=3) == []
    assert ChangeStore(engine).list_replica_claims([odd], NOW) == []
    assert not ChangeStore(engine).claim(odd, NOW, EVENT, drawn_after=NOW)
    assert EventStore(engine).list_latest(EventFilter(odd, odd, odd, odd), most=3) == [] or not odd
    assert sessions_of(engine).find_session(odd, NOW, is_activity=True) is None
    assert sessions_of(engine).find_ended(odd, NOW) is None
    assert not VerificationStore(engine).note_refused(odd, EVENT)
    assert IdempotencyStore(engine).find(KeyUse(odd, odd, odd, odd), NOW) is None
    assert not KnownAddressStore(engine).is_known((odd, odd), odd, NOW)


@ODD
@given(seq=ODD_NUMBER)
@example(99_999_999_999)
@example(2**31)
@example(2**63)
@example(-(2**63) - 1)
def test_a_number_of_any_size_is_only_not_there(engine: Engine, seq: int) -> None:
    store = EventStore(engine)
    if store.find_last() is None:
        store.record(EVENT)
    assert len(store.list_latest(EventFilter(), most=3, before=seq)) == (1 if seq > 1 else 0)
    assert (store.find_hash(seq) is not None) == (seq == 1)
    assert not sessions_of(engine).end_session(seq, EVENT)


@ODD
@given(odd=ODD_TEXT)
@example("x" * 300)
@example("a\0\ud800")
def test_an_event_about_odd_things_is_kept_and_verified(engine: Engine, odd: str) -> None:
    store = EventStore(engine)
    about, actor = AuditTarget(odd, odd, odd), Actor(odd, odd, "session", (odd,))
    store.record(replace(EVENT, actor=actor, about=about, details={"odd": odd}))
    assert check_chain(store.iterate()).broken is None


def test_what_is_cut_of_an_event_is_what_its_columns_hold() -> None:
    for name, most in LONGEST.items():
        assert getattr(events.c[name].type, "length", None) == most


@pytest.mark.parametrize("odd", EXAMPLES)
def test_odd_text_that_is_written_is_read_back(engine: Engine, odd: str) -> None:
    who = Identity("analytics", odd[:200], frozenset({odd}))
    token = sessions_of(engine).create_session(who, odd, NOW, EVENT)
    found = sessions_of(engine).find_session(token, NOW, is_activity=False)
    assert found is not None
    assert found.identity.roles == who.roles
    assert len(found.address) <= LONGEST_ADDRESS
    assert [item.id for item in sessions_of(engine).list_sessions(NOW, who)] == [found.id]
    change = ChangeStore(engine).create_draft(make_change(reason=odd), EVENT)
    assert ChangeStore(engine).find_change(change.reference) is not None
    FreezeStore(engine).create_freeze(Freeze(odd, "root", NOW), EVENT)
    assert FreezeStore(engine).find_freeze() is not None
    KnownAddressStore(engine).remember((odd, odd), odd, NOW)
    assert KnownAddressStore(engine).is_known((odd, odd), odd, NOW)
