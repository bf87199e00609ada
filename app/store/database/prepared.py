"""A statement that every request makes, asked of the driver itself.

SQLAlchemy makes an execution and a result anew each time, which for one row takes several times as
long as the database takes to answer. Here the text of the statement, and what turns values of
Python into the driver's and back, are made once. The connection, its transaction and the bounds of
that are SQLAlchemy's, as everywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.types import TypeEngine

Converter = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Text:
    """A statement in the words of one dialect. `order` is that of its parameters; None where they
    are named. `constants` are those that the statement itself gives, as the driver takes them."""

    sql: str
    order: tuple[str, ...] | None
    constants: Mapping[str, Any]
    parameters: tuple[tuple[str, Converter], ...]
    columns: tuple[Converter, ...]


class PreparedQuery:
    """A query for one row at most, with named parameters. Safe to share by threads and engines."""

    def __init__(self, query: Select[Any]) -> None:
        self._query = query
        self._texts: WeakKeyDictionary[Dialect, _Text] = WeakKeyDictionary()

    def find_row(
        self, connection: Connection, values: Mapping[str, Any] | None = None
    ) -> tuple[Any, ...] | None:
        """The row; None if there is none. Raises the driver's own errors, which `reading` takes."""
        text = self._texts.get(connection.dialect) or self._prepare(connection.dialect)
        given = dict(text.constants)
        for name, convert in text.parameters:
            value = (values or {})[name]
            given[name] = convert(value) if convert else value
        arranged = given if text.order is None else [given[name] for name in text.order]
        row = _ask(connection, text.sql, arranged)
        if row is None:
            return None
        return tuple(
            [
                value if convert is None or value is None else convert(value)
                for convert, value in zip(text.columns, row, strict=True)
            ]
        )

    def _prepare(self, dialect: Dialect) -> _Text:
        compiled = self._query.compile(dialect=dialect)
        constants, parameters = {}, []
        for name, bind in compiled.binds.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind.required:
                parameters.append((name, convert))
            else:
                constants[name] = convert(bind.value) if convert else bind.value
        columns = tuple(_reader(column.type, dialect) for column in self._query.selected_columns)
        order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
        text = _Text(str(compiled), order, constants, tuple(parameters), columns)
        self._texts[dialect] = text
        return text


def _reader(type_: TypeEngine[Any], dialect: Dialect) -> Converter:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def _ask(connection: Connection, sql: str, parameters: Any) -> Any:  # noqa: ANN401 - the driver's
    if not connection.in_transaction():
        connection.begin()  # which ends with the connection, as one that SQLAlchemy begins does
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
        return cursor.fetchone()
    finally:
        cursor.close()
