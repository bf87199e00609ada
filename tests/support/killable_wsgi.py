"""The portal with room for tests, which dies at a point of a change when it is ordered to.

When the file `order` in its folder holds the name of the point that is being passed, the file is
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

from app.cloud import cached_reading
from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot, View
from app.cloud.transport import sending
from app.errors import CloudUnreachable
from app.services.changes.apply import ChangeApplier
from app.services.changes.orders import OrderedChanges
from app.services.changes.preconditions import Preconditions
from app.services.monitoring.lifecycle import Lifecycle
from app.store.boosts import BoostStore
from app.store.changes import ChangeStore
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.records import ScheduleStore

_order = Path(os.environ["PORTAL_CONFIG"]).parent / "order"
_writing = threading.local()
HOLD_SECONDS = 2.0
TRIES = 3


def pass_point(name: str) -> None:
    """Die here, if that is the order."""
    try:
        is_ordered = _order.read_text(encoding="utf-8") == name
    except FileNotFoundError:
        return
    if is_ordered:
        _order.unlink()
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _make_killable(owner: Any, method: str, name: str) -> None:  # noqa: ANN401 - a class or a module
    inner: Callable[..., object] = getattr(owner, method)

    @wraps(inner)
    def killable(*args: object, **kwargs: object) -> object:
        pass_point(f"before {name}")
        _writing.method = name
        result = inner(*args, **kwargs)
        pass_point(f"after {name}")
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
    """The test moves the time of a call back by minutes. What was seen of Cloud before that would
    then count as seen long after the call, so only what is read from now on is shown; a reading
    that a portal has died of is given up before the others have waited in vain."""
    inner = Snapshot.view
    cached_reading.HOLD_SECONDS = HOLD_SECONDS

    def view(self: Snapshot, *, is_waiting: bool = False) -> View:
        asked_at = cached_reading.utc_now()
        for _ in range(TRIES):
            found = inner(self, is_waiting=True)
            if found.error or (found.taken_at and found.taken_at >= asked_at):
                return View(error=found.error) if found.error else found
        return View(error=CloudUnreachable(message="Nothing was read of ClickHouse Cloud now."))

    Snapshot.view = view  # type: ignore[method-assign] # on purpose


_make_reading_killable()
_forget_what_is_old()
for _owner, _methods in (
    (
        ChangeStore,
        ("create_draft", "claim", "release", "mark_unknown", "record_outcome", "note_effect"),
    ),
    (BoostStore, ("extend", "end_now", "close", "note_failure")),
    (OrderedChanges, ("send", "send_command")),
    (Preconditions, ("check",)),
    (CloudClient, ("update",)),
    (ChangeApplier, ("apply",)),
    (Lifecycle, ("start",)),
):
    for _method in _methods:
        _make_killable(_owner, _method, _method)
_make_killable(ScheduleStore, "save_version", "save_version")
_make_killable(ScheduleEdgeStore, "claim", "claim_edge")
_make_killable(ScheduleEdgeStore, "finish", "finish_edge")

from tests.support.no_budget_wsgi import app  # noqa: E402 - the portal is made when it is imported

__all__ = ["app"]
