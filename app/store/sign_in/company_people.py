"""What people of a company's sign-in are called in the portal, for good.

A person is an issuer and a subject. The first name that such a person comes with stays theirs, so
that records and rules go on to mean the same person; nobody else gets it, also where the company
gives an address to somebody new.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from app.store.database.engine import reading, writing
from app.store.database.locks import lock
from app.store.schema import company_people as table

MOST_ALIKE = 1000
"""How many people may come with one name."""


@dataclass(frozen=True)
class CompanyPeopleStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine

    def name_of(self, issuer: str, subject: str, wanted: str, now: datetime) -> str:
        """The person's name; at first `wanted`, or that with a number if it is taken."""
        mark = hashlib.sha256(json.dumps([issuer, subject]).encode()).hexdigest()
        with writing(self.engine) as connection:
            lock(connection, "company people", "")
            known = select(table.c.user).where(table.c.mark == mark)
            found: str | None = connection.scalar(known)
            if found is not None:
                return found
            user = _free_name(connection, wanted)
            values = {"mark": mark, "user": user, "named_at": now}
            connection.execute(table.insert().values(values))
            return user

    def is_named(self, user: str) -> bool:
        """Whether this is the name of somebody who came by a company's sign-in."""
        with reading(self.engine) as connection:
            known = select(table.c.id).where(table.c.user == user)
            return connection.scalar(known) is not None


def _free_name(connection: Connection, wanted: str) -> str:
    numbered = (f"{wanted} ({number})" for number in range(2, MOST_ALIKE))
    for name in (wanted, *numbered):
        if connection.scalar(select(table.c.id).where(table.c.user == name)) is None:
            return name
    raise AssertionError("too many people of one name")
