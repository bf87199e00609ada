"""The portal, which says in a header of each answer how many SQL statements it took."""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from wsgi import app

if TYPE_CHECKING:  # these types exist for type checkers only
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HEADER = "X-Statements"
_counted = threading.local()


@event.listens_for(Engine, "connect")
def _trace(connection: sqlite3.Connection, _entry: object) -> None:
    # SQLAlchemy's own events tell nothing of what the driver is asked directly.
    connection.set_trace_callback(_count)


def _count(_sql: str) -> None:
    _counted.statements = getattr(_counted, "statements", 0) + 1


_serve = app.wsgi_app


def _serve_counting(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    _counted.statements = 0

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:  # noqa: ANN401 - WSGI
        return start_response(status, [*headers, (HEADER, str(_counted.statements))], *rest)

    return _serve(environ, start)


app.wsgi_app = _serve_counting  # type: ignore[method-assign] # as Flask documents it

__all__ = ["app"]
