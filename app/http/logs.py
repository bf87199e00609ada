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

from flask import Flask, Response, g, request

from app.domain.audit.anchor import AnchorSigner
from app.http.current import portal
from app.http.log_file import LogFileHandler
from app.http.request_context import client_address, request_id
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
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
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

    @app.after_request
    def _note(response: Response) -> Response:
        seconds = time.monotonic() - g.get("began_at", time.monotonic())
        count = portal().metrics.count_request
        count(request.endpoint or "none", request.method, response.status_code, seconds)
        extra = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000),
            "address": client_address(),
        }
        access_log.info("request", extra=extra)
        return response


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
