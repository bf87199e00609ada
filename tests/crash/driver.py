"""Somebody who changes groups at a portal that is killed meanwhile, and then looks what became."""

import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random

import requests

from tests.pages.people import REFERENCE
from tests.support.browser import Page, values_of
from tests.support.portal import PortalProcess

GROUPS = ("Analytics primary", "Analytics reporting", "Analytics ad hoc", "Analytics archive")
STORED = ("create_draft", "claim", "release", "mark_unknown", "record_outcome", "note_effect")
START_POINTS = ("before start", "after start")
POINTS = (
    *(f"{when} {method}" for method in STORED for when in ("before", "within", "after")),
    *(
        f"{when} {method}"
        for method in ("check", "update", "apply")
        for when in ("before", "after")
    ),
    "answer unread",
    "answer read",
    *START_POINTS,
)
"""Where a portal can be told to die (tests/support/killable_wsgi.py)."""

FAULTS = (
    {"kind": "reset"},
    {"kind": "drop_after_apply"},
    {"kind": "not_json"},
    {"kind": "timeout", "seconds": 0.5},
    {"kind": "slow", "seconds": 0.3},
    {"kind": "status", "status": 400},
    {"kind": "status", "status": 429},
    {"kind": "status", "status": 500},
)
ANSWERS = {303, 409, 502, 503, 504}
"""What pressing a button may lead to; nobody ever sees a fault of the portal itself."""
SETTLED_WITHIN_SECONDS = 60.0
POLL_SECONDS = 0.2
TIMEOUT_SECONDS = 40
OVERDUE_SECONDS = 181.0


@dataclass(frozen=True)
class Twins:
    """Two portals over one database."""

    first: PortalProcess
    second: PortalProcess

    def other(self, portal: PortalProcess) -> PortalProcess:
        """The one that this is not."""
        return self.second if portal is self.first else self.first


@dataclass
class Tally:
    """How far it is."""

    wanted: int
    random: Random
    killed: int = 0
    points: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    numbers: "count[int]" = field(default_factory=lambda: count(16))

    def next_order(self) -> str | None:
        """Where to die next: at a point with few deaths so far, or at no point in particular."""
        if self.random.random() < 0.4:
            return None
        weights = [1 / (1 + self.points[point]) ** 2 for point in POINTS]
        return self.random.choices(POINTS, weights)[0]

    def report(self, states: Counter[str], patches: int, seconds: float, seed: int) -> str:
        """The figures, for people."""
        return "\n".join(
            [
                f"kills (SIGKILL)         {self.killed} in {seconds:.0f} s, seed {seed}",
                f"  at a named point      {self.points.total()} over {len(self.points)} points",
                f"  at a random moment    {self.moments.total()}, of a change then: "
                + _listed(self.moments),
                f"changes by state        {states.total()}: {_listed(states)}",
                f"left open by a death    {self.endings.total()}, then: {_listed(self.endings)}",
                f"PATCHes received        {patches}; none twice, none unasked, none denied",
            ]
        )


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common()) or "none"


class Driver:
    """Kills one portal of two while Alice changes groups there."""

    def __init__(
        self, mine: PortalProcess, twins: Twins, cookies: dict[str, str], token: str, tally: Tally
    ) -> None:
        self.mine, self.other, self.sandbox = mine, twins.other(mine), mine.sandbox
        self.cookies, self.token, self.tally = cookies, token, tally
        self.order = mine.folder / "order"

    def run(self) -> None:
        """Go on until there were deaths enough."""
        while self.tally.killed < self.tally.wanted:
            self._live_and_die(self.tally.next_order())

    def _live_and_die(self, order: str | None) -> None:
        if order and order not in START_POINTS:
            self.order.write_text(order, encoding="utf-8")
        reference = self._draft()
        if reference:
            self._confirm(reference, order)
        if order is None and reference:
            self._note_death("random", reference)
        elif order and order not in START_POINTS and not self.order.exists():
            self._note_death(order, reference)
        self.order.unlink(missing_ok=True)
        self.mine.kill()
        if order in START_POINTS:
            self._die_at_start(order)
        self.mine.start()
        if reference:
            self._find_out(reference)

    def _note_death(self, order: str, reference: str | None) -> None:
        self.tally.killed += 1
        if order != "random":
            self.tally.points[order] += 1
        elif reference:
            self.tally.moments[self._state(reference)[0]] += 1

    def _die_at_start(self, order: str) -> None:
        self.order.write_text(order, encoding="utf-8")
        with suppress(AssertionError):
            self.mine.start()
        assert not self.order.exists(), "it lived on"
        self.mine.kill()
        self._note_death(order, None)

    def _draft(self) -> str | None:
        """A draft of an idle timeout that nobody else asks for; None if none came of it."""
        group = self.sandbox.service_id(self.tally.random.choice(GROUPS))
        path = f"/groups/{group}/scale"
        page = self._send(self.mine, "GET", path)
        if page is None or page.status != 200:
            return None
        fields = dict(values_of(page.form_of("Review changes")))
        fields["idle_timeout_minutes"] = str(next(self.tally.numbers))
        answer = self._send(self.mine, "POST", path, fields)
        location = answer.response.headers.get("Location", "") if answer else ""
        found = re.search(REFERENCE, location)
        return found[0] if found else None

    def _confirm(self, reference: str, order: str | None) -> None:
        chance = self.tally.random
        self._order_faults(order)
        portals = [self.mine, self.other] if chance.random() < 0.5 else [self.mine]
        killer = threading.Timer(chance.uniform(0, 0.3), self.mine.kill)
        if order is None:
            killer.start()
        path = f"/changes/{reference}/confirm"
        with ThreadPoolExecutor(2) as pool:
            presses = [pool.submit(self._send, portal, "POST", path, {}) for portal in portals]
            answers = [press.result() for press in presses]
        assert {item.status for item in answers if item} <= ANSWERS
        if order is None:
            killer.join()
        else:
            self._send(self.mine, "GET", f"/changes/{reference}")

    def _order_faults(self, order: str | None) -> None:
        chance = self.tally.random
        if order and order.endswith("release"):
            self.sandbox.fault("^GET .*/services$", "reset", times=2)
        elif order and order.endswith("mark_unknown"):
            self.sandbox.fault("^PATCH ", "reset")
        elif order is None or chance.random() < 0.3:
            self.sandbox.fault("^PATCH ", **chance.choice(FAULTS))

    def _find_out(self, reference: str) -> None:
        """Nobody works on the change any more: let time pass, and look until it is settled."""
        if not self._is_open(reference):
            return
        self._let_time_pass(reference)
        give_up_at = time.monotonic() + SETTLED_WITHIN_SECONDS
        while time.monotonic() < give_up_at:
            page = self._read(reference)
            if not self._is_open(reference):
                state, settled_by = self._state(reference)
                self.tally.endings[f"{state} by {settled_by}"] += 1
                assert page is None or settled_by != "reading" or "configuration back" in page.main
                return
            # The other portal is being started again, or Cloud is left alone after failures.
            time.sleep(POLL_SECONDS)
        raise AssertionError(f"{reference} stays open: {self._state(reference)}")

    def _let_time_pass(self, reference: str) -> None:
        moved = f"strftime('%Y-%m-%d %H:%M:%f000', sent_at, '-{OVERDUE_SECONDS} seconds')"
        self.mine.execute(
            f"UPDATE changes SET sent_at = {moved} WHERE reference = ?",  # noqa: S608 - our own names
            reference,
        )

    def _read(self, reference: str) -> Page | None:
        portal = self.tally.random.choice([self.mine, self.other])
        return self._send(portal, "GET", f"/changes/{reference}")

    def _is_open(self, reference: str) -> bool:
        return self._state(reference)[0] in {"applying", "unknown"}

    def _state(self, reference: str) -> tuple[str, str | None]:
        query = "SELECT state, settled_by FROM changes WHERE reference = ?"
        ((state, settled_by),) = self.mine.execute(query, reference)
        return state, settled_by

    def _send(
        self, portal: PortalProcess, method: str, path: str, fields: dict[str, str] | None = None
    ) -> Page | None:
        """One request; None if the portal died of it, or was dead."""
        headers = {"Origin": portal.url, "Sec-Fetch-Site": "same-origin"}
        data = None if fields is None else {**fields, "csrf_token": self.token}
        with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return Page(
                requests.request(
                    method,
                    portal.url + path,
                    data=data,
                    headers=headers,
                    cookies=self.cookies,
                    allow_redirects=False,
                    timeout=TIMEOUT_SECONDS,
                )
            )
        return None
