"""Fencing: what a job writes is refused once another process leads the jobs.

A process may be paused for longer than its lease lasts and go on as if nothing had happened. So
each transaction of a job first finds the lease with its own epoch and locks that row until the
end: a successor that would take the lease over meanwhile waits for it.
"""

from sqlalchemy import ColumnElement, Connection, select

from app.context import current_context
from app.domain.leadership import Tenure
from app.errors import LeaseLost
from app.store.schema import leases


def check_fence(connection: Connection) -> None:
    """At the begin of a transaction: raises LeaseLost where the job that writes in this context
    acts for a leader that leads no more. Whatever is no job's is let through.
    """
    if tenure := current_context().tenure:
        _lock(connection, tenure)


def _lock(connection: Connection, tenure: Tenure) -> None:
    # SQLite knows no FOR UPDATE and needs none: a transaction that writes has the whole file.
    own = select(leases.c.epoch).where(is_held_by(tenure)).with_for_update()
    if connection.execute(own).one_or_none() is None:
        raise LeaseLost


def is_held_by(tenure: Tenure) -> ColumnElement[bool]:
    """The condition that the lease is still this tenure's."""
    return (
        (leases.c.name == tenure.lease)
        & (leases.c.holder == tenure.holder)
        & (leases.c.epoch == tenure.epoch)
    )
