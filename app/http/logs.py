"""One JSON line per event, each with the id of the request it belongs to: on standard error, and
in a file that starts afresh when it is full, if one is named.

Never in a line: passwords, keys, cookies, tokens, query strings, bodies.
"""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Request, Response, g

from app.domain.audit.anchor import AnchorSigner
from app.http.current import portal
from app.http.hooks import after_each
from app.http.log_file import LogFileHandler
from app.http.request_context import address_of, request_id
from app.settings.model import LogFile, Settings

FIELDS = ("method", "path", "status", "milliseconds", "address", "event")
"""What a line carries besides time, level, message and request_id: about a request, or an event
of the audit log."""

access_log = logging.getLogger("portal.access")
settings_log = logging.getLogger("portal.settings")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; control marks in it are escaped, so no line can be forged.

    An event of the audit log goes with its anchor: a signed word that the log reached it.
    """

    def __init__(self, signer: AnchorSigner | None = None) -> None:
        super().__init__()
        self._signer = signer

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "request_id": request_id(),
        }
        given = record.__dict__
        line |= {name: given[name] for name in FIELDS if name in given}
        if self._signer and (event := line.get("event")):
            line["anchor"] = str(self._signer.sign(event["seq"], event["hash"]))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # The one control mark that JSON leaves as it is.
        return json.dumps(line).replace("\x7f", "\\u007f")


def register_logs(app: Flask, settings: Settings) -> None:
    """Send the application's lines to where they go, and one line per request.

    The settings' own warnings are the first lines.
    """
    root = logging.getLogger()
    root.handlers = _make_handlers(settings.log_file)
    signer = AnchorSigner(settings.secret_key.get_secret_value())
    for handler in root.handlers:
        handler.setFormatter(JsonLines(signer))
    root.setLevel(logging.INFO)
    for warning in settings.warnings:
        settings_log.warning("%s", warning)

    after_each(app, _note)


def _note(request: Request, response: Response) -> None:
    status, now = response.status_code, time.monotonic()
    seconds = now - g.get("began_at", now)
    portal().metrics.count_request(request.endpoint or "none", request.method, status, seconds)
    extra = {
        "method": request.method,
        "path": request.path,
        "status": status,
        "milliseconds": round(seconds * 1000),
        "address": address_of(request),
    }
    access_log.info("request", extra=extra)


def _make_handlers(file: LogFile | None) -> list[logging.Handler]:
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if file:
        handlers.append(
            LogFileHandler(
                file.path,
                maxBytes=file.max_bytes,
                backupCount=file.backups,
                encoding="utf-8",
                delay=True,
            )
        )
    return handlers
