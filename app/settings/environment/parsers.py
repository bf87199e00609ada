"""Parsers of the environment's settings: text in, value out.

Every parser raises UnusableValueError for text that it does not accept. Settings may hold
secrets, so the error never repeats the text.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

_PLACEHOLDER = re.compile(r"<[A-Za-z][\w .,'/@()-]*>")
_DIGITS = re.compile(r"[0-9]{1,9}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class UnusableValueError(ValueError):
    """Text that is not a value of its setting: `what` is wrong with it, and the `remedy`."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def is_placeholder(text: str) -> bool:
    """Whether the text holds a placeholder of the templates, such as `<your_api_key>`."""
    return _PLACEHOLDER.search(text) is not None


def parse_whole_number(text: str, *, minimum: int, maximum: int) -> int:
    """A number in ASCII digits from `minimum` to `maximum`, both included."""
    if not _DIGITS.fullmatch(text) or not minimum <= int(text) <= maximum:
        raise UnusableValueError(
            f"is not a whole number from {minimum} to {maximum}",
            f"Give a number from {minimum} to {maximum} in ordinary digits.",
        )
    return int(text)


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    """The parser of a number within these bounds."""
    return partial(parse_whole_number, minimum=minimum, maximum=maximum)


def parse_worker_place(text: str) -> str:
    """`inside` or `apart`, in any case."""
    if text.lower() not in {"inside", "apart"}:
        raise UnusableValueError(
            "is neither inside nor apart",
            "Write apart only where `flask --app wsgi worker` runs as a process of its own.",
        )
    return text.lower()


def parse_switch(text: str) -> bool:
    """True for `on`, False for `off`, in any case."""
    if text.lower() not in {"on", "off"}:
        raise UnusableValueError("is neither on nor off", "Write on or off.")
    return text.lower() == "on"


def parse_uuid(text: str) -> str:
    """An id of ClickHouse Cloud, in lower case."""
    if not _UUID.fullmatch(text):
        raise UnusableValueError(
            "is not an id of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "Copy the id from the ClickHouse Cloud console.",
        )
    return str(UUID(text))


def parse_path(text: str) -> Path:
    """The path of a file or folder, absolute or relative to the project's folder."""
    if "\0" in text:
        raise UnusableValueError("is not a path", "Give the path of a file or folder.")
    return Path(text)
