"""How gunicorn serves the portal: `gunicorn -c configs/gunicorn.py wsgi:app`.

Address and threads come from the portal's settings, read here too: with unusable settings the
server ends at once with code 2, where a worker alone would be started again and again.
"""

import gc
import json
import logging
import socket
import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path

from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # gunicorn reads this file before it looks into the project

_loaded_before = set(sys.modules)

from app.cli.starting import settings_or_exit  # noqa: E402 - only importable after the line above
from app.headers import headers_for  # noqa: E402 - the same
from app.server.memory import share_arenas  # noqa: E402 - the same
from app.server.worker import CollectingWorker  # noqa: E402 - the same

_portal = settings_or_exit(ROOT)

# The worker imports the project afresh, so that it runs the code as it is when it starts.
for _name in set(sys.modules) - _loaded_before:
    if _name.partition(".")[0] == "app":
        del sys.modules[_name]

chdir = str(ROOT)
_host = f"[{_portal.host}]" if ":" in _portal.host else _portal.host
bind = f"{_host}:{_portal.port}"

# WEB_CONCURRENCY; what several processes count together is in the database.
workers = _portal.processes
# gunicorn's own threaded worker spends a thread on each client that is slow to send its request.
worker_class = CollectingWorker
# Slow clients included. With more, the connection that has been waited for longest is closed.
worker_connections = 4000
# Longer than an open page waits between two looks (live.js), so that it need not connect anew.
keepalive = 10
threads = _portal.threads
# Longer than a change takes to be sent and answered (20 s), so that a stop does not cut it off.
graceful_timeout = 30

# The portal's own log is the record, and it holds no query strings.
accesslog = None


def _leave_out_request(record: logging.LogRecord) -> bool:
    """Keep gunicorn's lines about unreadable requests short: the rest may hold a password."""
    text = record.getMessage()
    if text.startswith("Invalid request from ip="):
        record.msg, record.args = text.split(": ", 1)[0], ()
    if text.startswith("Error handling request "):
        record.msg, record.args = text.split("?", 1)[0], ()
    return True


logging.getLogger("gunicorn.error").addFilter(_leave_out_request)

UNREADABLE = "The server cannot read this request, or it is too long. Nothing was done."
LATE = "The request did not arrive in time. Nothing was done. Send it again."
FAULT = "The server has a fault. Look at what became of your request before you send it again."
BUSY = "The server has too many requests to answer. Nothing was done. Try again in a minute."
REFUSALS = {
    408: ("late_request", LATE),
    500: ("internal_error", FAULT),
    503: ("overloaded", BUSY),
}
REFUSAL_HEADERS = headers_for(is_https=_portal.is_https) | {
    "Connection": "close",
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # it is no page
}


def _answer_unreadable(client: socket.socket, status: int, _reason: str, _: str) -> None:
    """Answer what never reaches the portal in the shape of its JSON API, not in gunicorn's HTML.

    gunicorn gives the same reason with several status codes.
    """
    reason = HTTPStatus(status).phrase
    code, detail = REFUSALS.get(status, ("unreadable_request", UNREADABLE))
    problem = {"type": "about:blank", "title": reason, "status": status, "request_id": None}
    body = json.dumps(problem | {"detail": detail, "errors": [], "code": code})
    headers = REFUSAL_HEADERS | {"Content-Length": str(len(body))}
    lines = (f"{name}: {value}" for name, value in headers.items())
    answer = (f"HTTP/1.1 {status} {reason}", *lines, "", body)
    util.write_nonblock(client, "\r\n".join(answer).encode("ascii"))


util.write_error = _answer_unreadable  # gunicorn has no setting for it

# The longest address of the portal is a few hundred characters.
limit_request_line = 2048
limit_request_fields = 50
limit_request_field_size = 8190

# Who may speak for the client is the portal's own setting, PORTAL_TRUSTED_PROXIES.
forwarded_allow_ips = ""

# No socket file by which others could steer the server.
control_socket_disable = True


def when_ready(server: Arbiter) -> None:
    """Begin anew on SIGHUP only if that can succeed."""
    server.handle_hup = partial(_reload, server, server.handle_hup)


def _reload(server: Arbiter, begin_anew: Callable[[], None]) -> None:
    """SIGHUP: a new process with the settings as they are now; the old one ends its requests.

    With settings that cannot be used the server would end, so everything stays as it is.
    """
    try:
        settings_or_exit(ROOT)
    except SystemExit:
        server.log.error("Not reloaded: the settings have the faults above.")
    else:
        begin_anew()


def worker_exit(_server: Arbiter, worker: ThreadWorker) -> None:
    """After the last request: the audit log says that the portal ended in good order."""
    if hasattr(worker, "wsgi"):  # otherwise it never got as far as serving
        worker.wsgi.extensions["worker"].stop()
        worker.wsgi.extensions["portal"].lifecycle.stop()


def post_worker_init(worker: ThreadWorker) -> None:
    """Before the first request: records up to date, and somebody who acts when nobody looks."""
    from app.errors import StoreUnavailable  # noqa: PLC0415 - of the code that the worker runs

    share_arenas()
    try:
        worker.wsgi.extensions["portal"].lifecycle.start()
    except StoreUnavailable as error:
        print(f"portal: {error.message} {error.remedy}", file=sys.stderr)
        sys.exit(Arbiter.APP_LOAD_ERROR)
    worker.wsgi.extensions["worker"].start(may_lead=_portal.is_worker_inside)
    _leave_the_code_alone()


def _leave_the_code_alone() -> None:
    """Look for circles of objects less often, and never among what lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
