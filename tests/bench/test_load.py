"""The load generators against a server that says what it was asked."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench import open_page, pollers
from tests.bench.load import ClosedLoop, Order
from tests.bench.pollers import Crowd, PollOrder


class Editions(BaseHTTPRequestHandler):
    """Pages show edition 1; polls bring edition 2, and have nothing new for whoever names that."""

    protocol_version = "HTTP/1.1"
    server: "EditionServer"

    def do_GET(self) -> None:
        """Answer a page or a poll."""
        edition = self.headers.get("X-Edition")
        self.server.asked.append((self.path, edition))
        is_same = edition == "2"
        body = b"" if is_same else b'<div data-edition="1"></div>'
        self.send_response(204 if is_same else 200)
        if not is_same:
            self.send_header("Content-Length", str(len(body)))
        if self.path.endswith("/live") and not is_same:
            self.send_header("X-Edition", "2")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.server.closes

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class EditionServer(ThreadingHTTPServer):
    """`asked`: paths with their editions. `closes`: every connection after one answer."""

    request_queue_size = 64
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Editions)
        self.asked: list[tuple[str, str | None]] = []
        self.closes = False

    def handle_error(self, *_: object) -> None:
        """A page that is closed leaves a connection behind, which is no fault."""


@pytest.fixture
def server() -> Iterator[EditionServer]:
    """A server in a thread."""
    with EditionServer() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_connections_are_kept_and_the_edition_of_an_answer_is_asked_with(
    server: EditionServer,
) -> None:
    order = Order(server.server_port, ["/live"], "a=b", ["1"], connections=1, requests=20)
    outcome = ClosedLoop(order).run()
    assert outcome.statuses == {"200": 1, "204": 19}
    assert outcome.sizes == {"200": 28, "204": 0}
    assert outcome.reconnects == 0
    assert server.asked[:3] == [("/live", "1"), ("/live", "2"), ("/live", "2")]


def test_connections_that_were_not_kept_are_counted(server: EditionServer) -> None:
    server.closes = True
    outcome = ClosedLoop(Order(server.server_port, ["/"], connections=1, requests=5)).run()
    assert outcome.count == 5
    assert outcome.reconnects >= 4


@pytest.mark.parametrize("closes", [False, True])
def test_open_pages_load_their_page_and_then_poll_with_its_edition(
    server: EditionServer, monkeypatch: pytest.MonkeyPatch, *, closes: bool
) -> None:
    server.closes = closes
    monkeypatch.setattr(pollers, "FIRST_SECONDS", 0.05)
    monkeypatch.setattr(open_page, "pause_after", lambda _: 0.05)
    outcome = Crowd(PollOrder(server.server_port, ["/g"], ["a=b"], count=6, seconds=0.5)).run()
    assert outcome.opened == 6
    assert "204" in outcome.statuses
    assert outcome.is_faultless
    polls = [edition for path, edition in server.asked if path == "/g/live"]
    assert len(server.asked) - len(polls) == 6
    assert 0 < polls.count("1") <= 6
    assert set(polls) == {"1", "2"}
