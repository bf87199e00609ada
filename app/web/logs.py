"""One JSON line per event on standard error, each with the id of the request it belongs to.

Never in a line: passwords, keys, cookies, tokens, query strings, bodies.
"""

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

FIELDS = ("method", "path", "status", "milliseconds", "address")
"""What a line about a request carries besides time, level, message and request_id."""

access_log = logging.getLogger("portal.access")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; control marks in it are escaped, so no line can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "request_id": request_id(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def request_id() -> str | None:
    """The id of the request being answered, shown on error pages and in every line about it."""
    return g.get("request_id") if has_request_context() else None


def register_logs(app: Flask) -> None:
    """Send the application's lines to standard error, and one line per request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)

    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began_at = time.monotonic()

    @app.after_request
    def _note(response: Response) -> Response:
        milliseconds = round((time.monotonic() - g.get("began_at", time.monotonic())) * 1000)
        extra = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": milliseconds,
            "address": request.remote_addr,
        }
        access_log.info("request", extra=extra)
        return response
