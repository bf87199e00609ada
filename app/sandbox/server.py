"""Sockets and life of the sandbox: one server for the Cloud API, one for each service."""

import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.sandbox.clickhouse import StandIn
from app.sandbox.clock import Clock
from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.api import create_cloud_app
from app.sandbox.cloud.http.limiter import RateLimiter
from app.sandbox.cloud.side import CloudSide
from app.sandbox.control.app import create_control_app
from app.sandbox.control.control import Control
from app.sandbox.control.faults import Faults
from app.sandbox.control.observed import Observed, Watch
from app.sandbox.control.recorder import Recorder
from app.sandbox.extent import Extent
from app.sandbox.listening import ConnectionFilter, Server, open_sockets

STOP_SECONDS = 1.0
LOOK_UP_SECONDS = 0.05
DEFAULT_EXTENT = Extent()


class Sandbox:
    """A running sandbox, also usable inside a test: `with Sandbox.start(port=0) as sandbox:`."""

    def __init__(
        self, sockets: list[socket.socket], host: str, speed: float, extent: Extent
    ) -> None:
        ports = [opened.getsockname()[1] for opened in sockets]
        self.url = f"http://{host}:{ports[0]}"
        clock = Clock(speed)
        self._watch = Watch(clock, Recorder(), Faults())
        self._cloud = Cloud(clock, ports[1:], host, extent)
        limiter = RateLimiter()
        self._control = Control(self._cloud, self._watch, limiter, self.url)
        side = CloudSide(limiter)
        cloud_app = Observed(create_cloud_app(self._cloud, limiter), side, self._watch)
        control_app = create_control_app(self._control)
        app = DispatcherMiddleware(cloud_app, {"/_sandbox": control_app.wsgi_app})
        self._servers = [Server(sockets[0], app)]
        for service, opened in zip(self._cloud.list_services(), sockets[1:], strict=True):
            self._servers.append(self._stand_in(service["id"], opened))
        self._threads: list[threading.Thread] = []

    @classmethod
    def start(
        cls,
        port: int = 8900,
        speed: float = 1.0,
        host: str = "127.0.0.1",
        extent: Extent = DEFAULT_EXTENT,
    ) -> Self:
        """Listen and serve. Port 0 takes free ports. Raises PortTaken."""
        sandbox = cls(open_sockets(host, port, 1 + extent.service_count), host, speed, extent)
        sandbox._serve()
        return sandbox

    def world(self) -> dict[str, Any]:
        """Return what GET /_sandbox/world answers."""
        return self._control.world()

    def requests(self) -> dict[str, Any]:
        """Return what GET /_sandbox/requests answers."""
        return self._control.requests()

    def reset(self) -> None:
        """Go back to the beginning, as POST /_sandbox/reset does."""
        self._control.reset()

    def stop(self) -> None:
        """Stop serving; requests in flight are let go and end within about a second."""
        for server in self._servers:
            server.is_stopping.set()
        self._watch.faults.clear()
        # Each looks up only now and then; together they end in the time of one.
        enders = [threading.Thread(target=server.shutdown) for server in self._servers]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join()
        deadline = time.monotonic() + STOP_SECONDS
        for server in self._servers:
            server.finish(deadline)
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def __enter__(self) -> Self:
        """Give the running sandbox."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def _stand_in(self, service_id: str, opened: socket.socket) -> Server:
        side = StandIn(self._cloud, service_id)
        connection_filter = ConnectionFilter(self._cloud, service_id)
        return Server(opened, Observed(side, side, self._watch), connection_filter)

    def _serve(self) -> None:
        # Hundreds of servers that look up twenty times a second would keep a processor busy.
        pause = LOOK_UP_SECONDS * max(1.0, len(self._servers) / 10)
        for server in self._servers:
            thread = threading.Thread(target=server.serve_forever, args=(pause,), daemon=True)
            thread.start()
            self._threads.append(thread)
