"""The portal, which says how much work its database has had since the process began: in a header of
each answer, and as the last line of a command.

On SQLite the work is counted in steps of its machine, of which each row that is read or written
takes some, found by an index or not. On PostgreSQL it is the rows that were sent or written, and
one for each statement.
"""

import atexit
import sqlite3
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

if TYPE_CHECKING:  # these types exist for type checkers only
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HEADER = "X-Work"
STEPS_AT_ONCE = 100
_work = 0


def _add(amount: int) -> None:
    global _work  # noqa: PLW0603 - of the process; a count or two that threads lose is no matter
    _work += amount


def _step() -> int:
    _add(STEPS_AT_ONCE)
    return 0  # anything else would stop the statement


@event.listens_for(Engine, "connect")
def _watch(connection: object, _entry: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.set_progress_handler(_step, STEPS_AT_ONCE)


@event.listens_for(Engine, "after_cursor_execute")
def _count(_connection: object, cursor: Any, *_: object) -> None:  # noqa: ANN401 - of any driver
    if not isinstance(cursor, sqlite3.Cursor):
        _add(1 + max(0, cursor.rowcount))


from wsgi import app  # noqa: E402 - the tables are brought up to date when it is imported

_serve = app.wsgi_app


def _serve_counting(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - WSGI
        return start_response(status, [*headers, (HEADER, str(_work))], *rest)

    return _serve(environ, start)


app.wsgi_app = _serve_counting  # type: ignore[method-assign] # as Flask documents it
atexit.register(lambda: print(_work, file=sys.stderr))  # noqa: T201 - the figure is wanted

__all__ = ["app"]
