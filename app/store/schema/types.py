"""What the tables share: the names of constraints, so that migrations can speak of them, and the
types of columns."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    MetaData,
    String,
    Text,
    TypeDecorator,
    literal,
)

from app.domain.storable import storable

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite drops the zone of what it stores, so it is put back on reading.

    Raises ValueError for a moment without a zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the library passes it
    ) -> datetime | None:
        """Store in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: Any,  # noqa: ANN401 - the driver's type
        dialect: Dialect,  # noqa: ARG002 - the library passes it
    ) -> datetime | None:
        """Read as UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


MOST = 2**63 - 1
"""The largest number that every database can compare with."""


def number(value: int) -> ColumnElement[int]:
    """A number from outside, to be compared with a column: however large, it is only not there."""
    return literal(max(-MOST, min(value, MOST)), BigInteger)


class StorableString(TypeDecorator[str]):
    """A text as every database can keep it: what one of them cannot hold is replaced.

    It holds for what is looked for as well, so that odd text in an address finds nothing instead of
    being an error. A text that is too long for its column is for the writer to cut.
    """

    impl = String
    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - the library passes it
    ) -> str | None:
        """Replace what cannot be kept."""
        return None if value is None else storable(value)


class StorableText(StorableString):
    """The same without a longest length."""

    impl = Text
    cache_ok = True
