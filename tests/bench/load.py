"""The load generator: a process of its own that reads an order as JSON and answers with figures.

A closed loop: each connection sends its next request when the last one is answered, so a server is
never asked for more than it gives. Connections are kept, and counted when they are not.
"""

import json
import os
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle

from tests.bench.figures import percentile
from tests.bench.wire import Answer, AnswerReader, request_bytes

RECEIVE_BYTES = 256 * 1024
TIMEOUT_SECONDS = 20.0
WARM_UP_SECONDS = 0.3


@dataclass(frozen=True)
class Order:
    """What to ask of which port, on how many connections, and until when.

    It ends after `seconds` or, if given, after so many `requests`. `editions` name what the pages
    of the `paths` show, so that polls can say so. `cores` are those that this process may use.
    """

    port: int
    paths: Sequence[str]
    cookie: str = ""
    editions: Sequence[str | None] = ()
    connections: int = 4
    seconds: float = 2.0
    requests: int | None = None
    cores: Sequence[int] = ()


@dataclass
class Outcome:
    """What came of it. Times are seconds; `sizes` are bytes of bodies, the most of each status.

    `total` counts the answers while it warmed up too.
    """

    seconds: float = 0.0
    count: int = 0
    total: int = 0
    p50: float = 0.0
    p99: float = 0.0
    reconnects: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return self.count / self.seconds


class Target:
    """One address; its request is made once, and again when an answer brings a new edition."""

    def __init__(self, order: Order, path: str, edition: str | None) -> None:
        self._order, self._path, self._edition = order, path, edition
        self.request = request_bytes(order.port, path, order.cookie, edition)

    def learn(self, edition: str | None) -> None:
        """Ask with this edition from now on."""
        if edition and edition != self._edition:
            self._edition = edition
            self.request = request_bytes(self._order.port, self._path, self._order.cookie, edition)


class ClosedLoop:
    """All connections in one thread."""

    def __init__(self, order: Order) -> None:
        editions = [*order.editions, *[None] * len(order.paths)]
        self._order = order
        pairs = zip(order.paths, editions, strict=False)
        self._targets = cycle([Target(order, *pair) for pair in pairs])
        self._selector = selectors.DefaultSelector()
        self._seconds: list[float] = []
        self._statuses: Counter[str] = Counter()
        self._outcome = Outcome()

    def run(self) -> Outcome:
        """Warm up, measure, and close every connection. Raises TimeoutError for a silent server."""
        lines = [Line(self._order.port) for _ in range(self._order.connections)]
        for line in lines:
            self._selector.register(line.connect(), selectors.EVENT_READ, line)
            line.ask(next(self._targets))
        if self._order.requests is None:
            self._go_on(time.perf_counter() + WARM_UP_SECONDS, None)
        self._outcome.total = len(self._seconds)
        self._seconds.clear()
        self._statuses.clear()
        started_at = time.perf_counter()
        self._go_on(started_at + self._order.seconds, self._order.requests)
        self._outcome.seconds = time.perf_counter() - started_at
        for line in lines:
            line.close()
        self._selector.close()
        return self._finished()

    def _finished(self) -> Outcome:
        outcome = self._outcome
        outcome.count, outcome.statuses = len(self._seconds), dict(self._statuses)
        outcome.total += outcome.count
        outcome.p50, outcome.p99 = (percentile(self._seconds, share) for share in (0.5, 0.99))
        return outcome

    def _go_on(self, until: float, requests: int | None) -> None:
        while self._is_short(until, requests):
            ready = self._selector.select(TIMEOUT_SECONDS)
            if not ready:
                raise TimeoutError("the server does not answer")
            for key, _ in ready:
                self._read(key.data)

    def _is_short(self, until: float, requests: int | None) -> bool:
        if requests is not None:
            return len(self._seconds) < requests
        return time.perf_counter() < until

    def _read(self, line: "Line") -> None:
        data = line.receive()
        if not data:
            self._reconnect(line)
            line.repeat()
        elif answer := line.reader.feed(data):
            self._note(line, answer)
            if not answer.is_kept:
                self._reconnect(line)
            line.ask(next(self._targets))

    def _note(self, line: "Line", answer: Answer) -> None:
        self._seconds.append(time.perf_counter() - line.asked_at)
        status = str(answer.status)
        self._statuses[status] += 1
        sizes = self._outcome.sizes
        sizes[status] = max(sizes.get(status, 0), len(answer.body))
        line.target.learn(answer.edition)

    def _reconnect(self, line: "Line") -> None:
        self._outcome.reconnects += 1
        self._selector.unregister(line.sock)
        line.close()
        self._selector.register(line.connect(), selectors.EVENT_READ, line)


class Line:
    """One connection and what was asked on it."""

    sock: socket.socket
    target: Target

    def __init__(self, port: int) -> None:
        self._port = port
        self.asked_at = 0.0

    def connect(self) -> socket.socket:
        """Open it, again if need be."""
        self.reader = AnswerReader()
        self.sock = socket.create_connection(("127.0.0.1", self._port), TIMEOUT_SECONDS)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.sock

    def ask(self, target: Target) -> None:
        """Send the next request."""
        self.target, self.asked_at = target, time.perf_counter()
        self.sock.sendall(target.request)

    def repeat(self) -> None:
        """Send it again, on a connection that was made anew."""
        self.sock.sendall(self.target.request)

    def receive(self) -> bytes:
        """What has arrived; nothing where the server has closed the connection."""
        try:
            return self.sock.recv(RECEIVE_BYTES)
        except ConnectionResetError:
            return b""

    def close(self) -> None:
        """End it."""
        self.sock.close()


def main() -> None:
    """Carry out the order on standard input."""
    order = Order(**json.load(sys.stdin))
    if order.cores:
        os.sched_setaffinity(0, order.cores)
    json.dump(asdict(ClosedLoop(order).run()), sys.stdout)


if __name__ == "__main__":
    main()
