"""A simulated Cloud with many services that answers after a while, and groups with a past."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from pydantic import SecretStr
from sqlalchemy import insert

from app.domain.audit.events import AuditTarget
from app.domain.changes.change import Change, ChangeState, SettledBy
from app.sandbox.server import Sandbox
from app.store.audit.recording import recording
from app.store.change_rows import REFERENCE_ALPHABET, as_row
from app.store.database.engine import open_engine, upgrade
from app.store.schema import changes
from tests.support.events import EVENT
from tests.support.portal import Config
from tests.support.sandbox import TIMEOUT_SECONDS, RunningSandbox
from tests.unit.builders import make_change, replicas

if TYPE_CHECKING:  # these types exist for type checkers only
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CLOUD_SECONDS = 0.15
"""After how long Cloud answers."""
LIKE = "Analytics reporting"


class Latency:
    """Lets a WSGI application wait before it answers; what controls the sandbox does not wait."""

    def __init__(self, app: "WSGIApplication", seconds: float) -> None:
        self._app, self._seconds = app, seconds

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if not environ["PATH_INFO"].startswith("/_sandbox"):
            time.sleep(self._seconds)
        return self._app(environ, start)


@contextmanager
def slow_sandbox() -> Iterator[RunningSandbox]:
    """A sandbox whose Cloud answers after CLOUD_SECONDS, without a limit of requests.

    Its own fault `slow` sends an answer byte by byte, which would cost the machine more than time.
    """
    with Sandbox.start(port=0) as sandbox:
        server = sandbox._servers[0]
        server.app = Latency(server.app, CLOUD_SECONDS)
        running = RunningSandbox(sandbox)
        running.control("POST", "/settings", {"rate_limit": None})
        yield running


def add_services(sandbox: RunningSandbox, total: int) -> list[tuple[str, str]]:
    """Show more services in the list, until there are so many; returns id and name of each."""
    listed = list_services(sandbox)
    model = next(item for item in listed if item["name"] == LIKE)
    added = [_service_like(model, number) for number in range(total - len(listed))]
    sandbox.control("POST", "/list", {"elements": added})
    return [(item["id"], item["name"]) for item in added]


def list_services(sandbox: RunningSandbox) -> list[dict[str, Any]]:
    """What Cloud's list of services holds."""
    world = sandbox.world
    answer = requests.get(
        f"{world['url']}/v1/organizations/{world['organization_id']}/services",
        auth=(world["api_key_id"], world["api_key_secret"]),
        timeout=TIMEOUT_SECONDS,
    )
    found: list[dict[str, Any]] = answer.json()["result"]
    return found


def add_groups(config: Config, added: Iterable[tuple[str, str]]) -> None:
    """Put services into the first warehouse of the portal's configuration."""
    warehouse = config["warehouses"][0]
    del warehouse["max_replicas"]  # fewer than one for each group
    groups = warehouse["groups"]
    groups.extend({"service_id": service_id, "name": name} for service_id, name in added)


def write_past(database: Path, service_id: str, count: int, within: timedelta) -> None:
    """Give a group so many changes of its size, evenly spread over the time until now.

    Written as the ledger writes them, all in one transaction, before the portal starts.
    """
    engine = open_engine(SecretStr(f"sqlite:///{database}"))
    database.parent.mkdir(exist_ok=True)
    upgrade(engine)
    rows = [as_row(change) for change in _past(service_id, count, within)]
    with recording(engine) as recorder:
        recorder.connection.execute(insert(changes), rows)
    engine.dispose()


def write_events(database: Path, service_id: str, count: int) -> None:
    """Put so many events of the last day about a group at the end of a portal's audit log."""
    engine = open_engine(SecretStr(f"sqlite:///{database}"))
    begin, about = datetime.now(UTC) - timedelta(days=1), AuditTarget(service_id)
    with recording(engine) as recorder:
        for number in range(count):
            moment = begin + timedelta(milliseconds=number)
            recorder.add(replace(EVENT, time=moment, about=about))
    engine.dispose()


def _past(service_id: str, count: int, within: timedelta) -> Iterator[Change]:
    begin = datetime.now(UTC) - within
    for number in range(count):
        moment = begin + within * number / count
        change = make_change(
            replicas(3 + number % 2), replicas(4 - number % 2), service_id=service_id
        )
        yield replace(
            change,
            reference=_reference(service_id, number),
            state=ChangeState.APPLIED,
            created_at=moment,
            sent_at=moment,
            settled_at=moment,
            settled_by=SettledBy.ANSWER,
            effective_at=moment,
        )


def _reference(service_id: str, number: int) -> str:
    digits, value = "", (int(service_id[-2:]) << 20) + number
    for _ in range(8):
        value, rest = divmod(value, len(REFERENCE_ALPHABET))
        digits += REFERENCE_ALPHABET[rest]
    return f"{digits[:4]}-{digits[4:]}"


def _service_like(model: dict[str, Any], number: int) -> dict[str, Any]:
    service_id = f"0c000000-0000-4000-8000-{number + 1000:012d}"
    return {**model, "id": service_id, "name": f"Analytics team {number + 1}", "isPrimary": False}
