"""gunicorn's threaded worker, with threads for complete requests only.

gunicorn hands a connection to a thread, which then waits for the client: as many slow clients as
there are threads stop the server. Here the one thread that waits for all connections reads them
too, and a request goes to the others when its head and body are there. What a client does not read
of its answer is sent by the waiting thread as well. Whoever takes too long is dropped, and the
oldest ones when there are too many.

Nothing blocks the waiting thread for longer than it takes another process to wake up. It runs all
methods but `handle`.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from app.server.clients import SWEEP_SECONDS, Clients
from app.server.connection import Connection
from app.server.limits import make_room_for

ACCEPTED_AT_ONCE = 64

STEP_BACK_SECONDS, MOST_STEPS_BACK = 0.0002, 10
"""How long a process lets the others be first with somebody new, for each connection that it has.

Whoever is awake would take all of the few connections that a proxy keeps, and the other processes
would have nothing to do."""


class CollectingWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Collects requests before it spends a thread on them."""

    worker_connections: int

    def init_process(self) -> None:
        """Make room for the connections, then serve until the end."""
        self.worker_connections = make_room_for(self.worker_connections)
        self.cfg.set("sendfile", value=False)  # it would wait for clients that do not read
        self._reserve = ThreadPoolExecutor(1)
        super().init_process()

    def run(self) -> None:
        """Serve until the end."""
        self._clients = Clients(
            self.cfg,
            self.poller,
            self.worker_connections,
            hand_over=self.enqueue_req,
            answer_error=self._answer_error,
        )
        try:
            super().run()
        finally:
            self._reserve.shutdown(wait=False)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept or not; for good at the end of the process, when nobody may connect any more.

        gunicorn keeps the socket until the last request is answered: the system would go on to
        connect clients to it, and reset them at the end.
        """
        super().set_accept_enabled(enabled and self.alive)
        if not self.alive:
            self._stop_listening()

    def _stop_listening(self) -> None:
        for listener in self.sockets:
            self._accept(listener, ACCEPTED_AT_ONCE)  # those who have connected already
            listener.close()
        self.sockets: list[
            Any
        ] = []  # the end may come while gunicorn makes up its mind: it asks again then
        self.nr_conns = self._clients.count

    def accept(self, listener: Any) -> None:  # noqa: ANN401 - gunicorn's socket
        """Begin to wait for requests of those who have connected."""
        connections = self._clients.count
        if self.cfg.workers == 1 or connections > ACCEPTED_AT_ONCE:
            self._accept(listener, ACCEPTED_AT_ONCE)
            return
        time.sleep(STEP_BACK_SECONDS * min(connections, MOST_STEPS_BACK))
        self._accept(listener, 1)

    def _accept(self, listener: Any, most: int) -> None:  # noqa: ANN401 - gunicorn's socket
        for _ in range(most):
            try:
                accepted, client = listener.accept()
            except OSError:  # nobody is left, somebody has left, or the system can take no more
                return
            self._clients.welcome(accepted, client, listener.getsockname())

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """One turn; short enough to notice in time who is late."""
        most = SWEEP_SECONDS if self._clients.are_waited_for else timeout
        super().wait_for_and_dispatch_events(min(timeout, most))
        self.nr_conns = self._clients.count

    def enqueue_req(self, conn: Connection) -> None:
        """Give a complete request to a thread."""
        pool = self._reserve if conn.is_never_queued else self.tpool
        work = pool.submit(self.handle, conn)
        work.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    def handle(self, conn: Connection) -> bool:
        """Answer a request, in a thread of the pool. Returns whether another one may follow."""
        try:
            return bool(self.handle_request(conn.request, conn))
        except (ConnectionError, TimeoutError, StopIteration) as error:
            self.log.debug("The client left, or did not read its answer: %s", error)
        except OSError:
            self.log.exception("An answer cannot be written.")
        except Exception as error:  # noqa: BLE001 - gunicorn answers it
            self.handle_error(conn.request, conn.sock, conn.client, error)
        return False

    def finish_request(self, conn: Connection, done: Future[bool]) -> None:
        """Wait for the next request of a connection, or for its end."""
        conn.request = None
        conn.is_kept = not done.cancelled() and done.exception() is None and done.result()
        self._clients.go_on_after_answer(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close the connections that are late or keep too much, or all of them if `force`."""
        if force:
            self._clients.drop_all()
        else:
            self._clients.sweep()
        self.nr_conns = self._clients.count

    def murder_pending(self) -> None:
        """Nobody waits anywhere else."""

    def _cap_keepalive(self, deadline: float) -> None:
        self._clients.hurry(deadline)

    def _answer_error(self, conn: Connection, error: Exception) -> None:
        self.handle_error(None, conn.sock, conn.client, error)
