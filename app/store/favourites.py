"""Which groups people have marked as their favourites."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, delete, func, select

from app.domain.access.permissions import Identity
from app.errors import NotPossible
from app.store.database.engine import reading, writing
from app.store.database.locks import lock
from app.store.schema import favourites
from app.store.state import bump_revision

MOST_OF_PERSON = 100


@dataclass(frozen=True)
class FavouriteStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine

    def list_of(self, identity: Identity) -> frozenset[str]:
        """The services that this person has marked."""
        query = select(favourites.c.service_id).where(_is_of(identity))
        with reading(self.engine) as connection:
            return frozenset(connection.scalars(query))

    def add(self, identity: Identity, service_id: str) -> None:
        """Mark a service, unless it is. Raises NotPossible beyond MOST_OF_PERSON."""
        who = {"warehouse": identity.warehouse, "user": identity.user}
        with writing(self.engine) as connection:
            lock(connection, "favourites", identity.warehouse, identity.user)
            own = select(func.count()).where(_is_of(identity))
            if connection.scalar(own.where(favourites.c.service_id == service_id)):
                return
            if (connection.scalar(own) or 0) >= MOST_OF_PERSON:
                raise NotPossible(
                    message=f"You have {MOST_OF_PERSON} favourites already.",
                    remedy="Take another group out of them first.",
                )
            connection.execute(favourites.insert().values(service_id=service_id, **who))
            bump_revision(connection)

    def remove(self, identity: Identity, service_id: str) -> None:
        """Take the mark away, if there is one."""
        marked = _is_of(identity) & (favourites.c.service_id == service_id)
        with writing(self.engine) as connection:
            if connection.execute(delete(favourites).where(marked)).rowcount:
                bump_revision(connection)


def _is_of(identity: Identity) -> ColumnElement[bool]:
    return (favourites.c.warehouse == identity.warehouse) & (favourites.c.user == identity.user)
