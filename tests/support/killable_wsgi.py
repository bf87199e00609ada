"""The portal with room for tests, which dies at a point of a change when it is ordered to.

KILL_ORDER names a file. When it holds the name of the point that is being passed, the file is
taken away and the whole portal gets SIGKILL: nothing is written, closed or said any more.
"""

import os
import signal
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from requests import Response
from sqlalchemy import Engine, event

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot, View
from app.cloud.transport import sending
from app.services.changes.apply import ChangeApplier
from app.services.changes.preconditions import Preconditions
from app.services.monitoring.lifecycle import Lifecycle
from app.store.changes import ChangeStore

_order = Path(os.environ["KILL_ORDER"])
_writing = threading.local()


def pass_point(name: str) -> None:
    """Die here, if that is the order."""
    try:
        is_ordered = _order.read_text(encoding="utf-8") == name
    except FileNotFoundError:
        return
    if is_ordered:
        _order.unlink()
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _make_killable(owner: Any, method: str) -> None:  # noqa: ANN401 - a class or a module
    inner: Callable[..., object] = getattr(owner, method)

    @wraps(inner)
    def killable(*args: object, **kwargs: object) -> object:
        pass_point(f"before {method}")
        _writing.method = method
        result = inner(*args, **kwargs)
        pass_point(f"after {method}")
        return result

    setattr(owner, method, killable)


@event.listens_for(Engine, "commit")
def _pass_commit(_: object) -> None:
    pass_point(f"within {getattr(_writing, 'method', '')}")


def _make_reading_killable() -> None:
    inner = sending._read_all

    def killable(response: Response, give_up_at: float) -> bytes:
        is_change = getattr(_writing, "method", "") == "update"
        if is_change:
            pass_point("answer unread")
        answer = inner(response, give_up_at)
        if is_change:
            pass_point("answer read")
        return answer

    sending._read_all = killable


def _forget_what_is_old() -> None:
    """The test moves the time of a call back by a minute. What was seen of Cloud before that would
    then count as seen long after the call, so only a reading that succeeds now is shown."""
    inner = Snapshot.view

    def view(self: Snapshot, *, is_waiting: bool = False) -> View:
        found = inner(self, is_waiting=True)
        return View(error=found.error) if found.error else found

    Snapshot.view = view  # type: ignore[method-assign] # on purpose


_make_reading_killable()
_forget_what_is_old()
for _owner, _methods in (
    (
        ChangeStore,
        ("create_draft", "claim", "release", "mark_unknown", "record_outcome", "note_effect"),
    ),
    (Preconditions, ("check",)),
    (CloudClient, ("update",)),
    (ChangeApplier, ("apply",)),
    (Lifecycle, ("start",)),
):
    for _method in _methods:
        _make_killable(_owner, _method)

from tests.support.no_budget_wsgi import app  # noqa: E402 - the portal is made when it is imported

__all__ = ["app"]
