"""The portal that dies on order, for tests in which no moment of the ledger may be moved.

What the real one waits minutes for it gives up after seconds: an answer of Cloud, a claim of a due
instant, a leader that is silent.
"""

from datetime import timedelta

from app import worker
from app.domain.changes import change
from app.domain.schedules import record
from app.store import leases

change.ANSWER_DEADLINE = timedelta(seconds=6)
change.STATE_LAG = timedelta(seconds=3)
record.ABANDONED = timedelta(seconds=10)
leases.LEASE_LENGTH = timedelta(seconds=3)
worker.ROUND_SECONDS = 0.5

from tests.support.killable_wsgi import app  # noqa: E402 - the portal is made when it is imported

__all__ = ["app"]
