"""How the command ends, as a number for scripts and a sentence for people."""

from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """The exit codes."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    NOT_SIGNED_IN = 4
    REFUSED = 5
    WAITED_TOO_LONG = 7


class CommandError(Exception):
    """The command ends here. `details` is what programs get besides code and sentence."""

    def __init__(
        self, message: str, exit_code: Exit = Exit.ERROR, code: str = "error", **details: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
        self.code = code
        self.details = details


BY_STATUS = {
    401: Exit.NOT_SIGNED_IN,
    403: Exit.REFUSED,
    409: Exit.REFUSED,
    422: Exit.REFUSED,
}
FROZEN = "changes_closed"
"""The portal's code for a freeze, which it answers as being unavailable."""


def problem_error(status: int, body: Any) -> CommandError:
    """The error that an answer of the portal means (RFC 9457)."""
    told = body if isinstance(body, dict) else {}
    code = str(told.get("code") or f"http_{status}")
    exit_code = Exit.REFUSED if code == FROZEN else BY_STATUS.get(status, Exit.ERROR)
    message = str(told.get("detail") or f"The portal answered with status {status}.")
    names = ("errors", "change_reference", "request_id")
    kept = {name: told[name] for name in names if told.get(name)}
    return CommandError(message, exit_code, code, **kept)
