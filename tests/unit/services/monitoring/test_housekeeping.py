"""What is over is forgotten, and what still counts is not."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from app.domain.audit.anchor import AnchorSigner
from app.domain.changes.change import DRAFT_LIFE, ChangeState
from app.services.audit.anchors import Anchors
from app.services.monitoring import housekeeping as module
from app.services.monitoring.housekeeping import Housekeeping
from app.store.audit.anchor_file import AnchorFile
from app.store.audit.log import EventStore
from app.store.changes import ChangeStore
from app.store.idempotency import KEPT, IdempotencyStore, KeyUse
from app.store.load import LoadStore
from app.store.schema import changes, idempotency_keys, sessions
from app.store.sign_in.known_addresses import KnownAddressStore
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.throttle import KEPT_SECONDS
from app.store.spend import SpendStore
from app.store.tokens import TokenStore
from tests.support.events import EVENT, RememberedAudit
from tests.unit.builders import ALICE, NOW, make_change
from tests.unit.services.fakes import Clock
from tests.unit.services.throttles import attempts_in, throttle_over

USE = KeyUse("analytics", "alice", "key-1", "hash")


@pytest.fixture
def housekeeping(engine: Engine, clock: Clock, tmp_path: Path) -> Housekeeping:
    """Over an empty store."""
    anchors = Anchors(
        EventStore(engine), AnchorFile(tmp_path / "audit.anchor"), AnchorSigner("a secret key")
    )
    store = SessionStore(engine, timedelta(minutes=30), timedelta(hours=8), 5)
    keys, known = IdempotencyStore(engine), KnownAddressStore(engine)
    attempts = attempts_in(engine, clock)
    further = LoadStore(engine), SpendStore(engine), TokenStore(engine)
    return Housekeeping(store, keys, known, attempts, *further, RememberedAudit(), anchors, clock)


def count(engine: Engine) -> tuple[int, int, int]:
    """How many sessions, changes and keys there are."""
    with engine.connect() as connection:
        tables = (sessions, changes, idempotency_keys)
        found = [len(connection.execute(select(table)).all()) for table in tables]
    return found[0], found[1], found[2]


def test_sessions_that_are_over_are_forgotten_and_living_ones_stay(
    housekeeping: Housekeeping, clock: Clock, engine: Engine
) -> None:
    housekeeping.sessions.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    clock.advance(29 * 60)
    token = housekeeping.sessions.create_session(ALICE, "192.0.2.1", clock(), EVENT)
    clock.advance(60)
    housekeeping.tidy()
    assert count(engine)[0] == 1
    assert housekeeping.sessions.find_session(token, clock(), is_activity=False)


def test_old_drafts_and_keys_go_and_confirmed_changes_stay(
    housekeeping: Housekeeping, clock: Clock, engine: Engine
) -> None:
    ledger = ChangeStore(engine)
    ledger.create_draft(make_change(), EVENT)
    sent = ledger.create_draft(make_change(), EVENT).reference
    assert ledger.claim(sent, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    housekeeping.keys.bind(USE, sent, NOW)
    clock.advance(KEPT.total_seconds() - 1)
    housekeeping.tidy()
    assert count(engine) == (0, 2, 1)
    clock.advance(1)
    housekeeping.tidy()
    assert count(engine) == (0, 1, 0)
    kept = ledger.find_change(sent)
    assert kept is not None
    assert kept.state is ChangeState.APPLYING


def test_a_draft_that_a_key_still_stands_for_is_kept(
    housekeeping: Housekeeping, clock: Clock, engine: Engine
) -> None:
    draft = ChangeStore(engine).create_draft(make_change(), EVENT).reference
    housekeeping.keys.bind(USE, draft, NOW + timedelta(seconds=1))
    clock.advance(KEPT.total_seconds())
    housekeeping.tidy()
    assert count(engine) == (0, 1, 1)


def test_failed_attempts_of_long_ago_are_forgotten(
    housekeeping: Housekeeping, clock: Clock, engine: Engine
) -> None:
    throttle = throttle_over(engine, clock)
    with throttle.attempt(("analytics", "alice"), "198.51.100.7"):
        pass
    clock.advance(KEPT_SECONDS - 1)
    housekeeping.tidy()
    assert throttle.failures_of(("analytics", "alice")) == 1
    clock.advance(1)
    housekeeping.tidy()
    assert throttle.failures_of(("analytics", "alice")) == 0


def test_the_pages_of_the_database_are_looked_at_each_time(
    housekeeping: Housekeeping, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Engine] = []
    monkeypatch.setattr(module, "inspect_pages", looked.append)
    housekeeping.inspect()
    assert looked == [engine]
