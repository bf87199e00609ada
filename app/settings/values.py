"""Text of one setting -> its value, or why it cannot be used. No fault repeats the text itself."""

import re
from pathlib import Path
from uuid import UUID

_PLACEHOLDER = re.compile(r"<[A-Za-z][\w .,'/@()-]*>")
_DIGITS = re.compile(r"[0-9]{1,9}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class UnusableValueError(ValueError):
    """A value that cannot be used: `what` is wrong with it, and the `remedy`."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def is_placeholder(text: str) -> bool:
    """Whether the text still holds a placeholder of the templates, such as `<your_api_key>`."""
    return _PLACEHOLDER.search(text) is not None


def parse_whole_number(text: str, *, least: int, most: int) -> int:
    """A number in ordinary digits between `least` and `most`, both included."""
    if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
        raise UnusableValueError(
            f"is not a whole number from {least} to {most}",
            f"Give a number from {least} to {most} in ordinary digits.",
        )
    return int(text)


def parse_one_process(text: str) -> int:
    """One: the sign-in throttle and the request budget are exact only within one process."""
    if text != "1":
        raise UnusableValueError(
            "asks for more than one process, and the portal runs as exactly one",
            "Remove it, and set PORTAL_THREADS for more requests at a time.",
        )
    return 1


def parse_switch(text: str) -> bool:
    """On or off."""
    if text.lower() not in {"on", "off"}:
        raise UnusableValueError("is neither on nor off", "Write on or off.")
    return text.lower() == "on"


def parse_uuid(text: str) -> str:
    """An id as Cloud writes it, in lower case."""
    if not _UUID.fullmatch(text):
        raise UnusableValueError(
            "is not an id of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "Copy the id from the ClickHouse Cloud console.",
        )
    return str(UUID(text))


def parse_path(text: str) -> Path:
    """A file or folder; the loader takes it from the project's folder if it is relative."""
    if "\0" in text:
        raise UnusableValueError("is not a path", "Give the path of a file or folder.")
    return Path(text)
