"""Probes and figures, whatever host they are asked by.

A load balancer, kubelet or Prometheus names the address of a machine or a pod, which is never the
host that people type. Pages refuse such a host: it may be another site's name for this address.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ASKED_HOST = "portal.asked_host"
"""The host that a probe was asked by, in the environment of its request."""

OLD_PROTOCOL = "HTTP/1.0"

PROBE_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
"""They show nobody's session and change nothing."""


class ProbesByAnyHost:
    """Gives a request of a probe the host that the portal is known by.

    One that names no host at all stays as it is where HTTP demands a host, to be refused; HTTP 1.0
    does not, and some balancers ask in it.
    """

    def __init__(self, app: "WSGIApplication", host: str) -> None:
        self._app = app
        self._host = host

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer it."""
        asked = environ.get("HTTP_HOST", "")
        is_old = environ.get("SERVER_PROTOCOL") == OLD_PROTOCOL
        if environ.get("PATH_INFO") in PROBE_PATHS and (asked or is_old):
            environ = {**environ, "HTTP_HOST": self._host, ASKED_HOST: asked or self._host}
        return self._app(environ, start_response)
