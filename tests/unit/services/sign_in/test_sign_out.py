"""Signing out ends the session also where it is renewed at that very moment."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine

from app.domain.sessions import Session
from app.store.sign_in.sessions import SessionStore
from tests.support.events import EVENT
from tests.unit.builders import ALICE
from tests.unit.services.fakes import Clock
from tests.unit.services.world import ADDRESS, World


@dataclass(frozen=True)
class RenewedOnceFound(SessionStore):
    """A session is renewed by another request as soon as it was found."""

    renewed: list[str | None] = field(default_factory=list)

    def find_session(self, token: str, now: datetime, *, is_activity: bool) -> Session | None:
        """The session, as it was before."""
        found = super().find_session(token, now, is_activity=is_activity)
        self.renewed.append(self.replace_session(token, ALICE, ADDRESS, now, EVENT))
        return found


def test_signing_out_ends_a_session_that_is_renewed_meanwhile(engine: Engine, clock: Clock) -> None:
    world = World(engine, clock)
    token = world.sign_in_as(ALICE).token
    usual = world.sessions
    store = RenewedOnceFound(engine, usual.idle, usual.absolute, usual.most_per_user)
    replace(world.sign_in, sessions=store).sign_out(token)
    (renewed,) = store.renewed
    assert renewed
    assert world.sign_in.resume(renewed, is_activity=False) is None
