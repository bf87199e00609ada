"""Text of one setting -> its value, or why it cannot be used. No fault repeats the text itself."""

import ipaddress
import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from app.domain.groups import is_loopback

LEAST_SECRET_KEY_CHARACTERS = 32
LEAST_API_KEY_CHARACTERS = 8
LEAST_API_SECRET_CHARACTERS = 16
LEAST_DIFFERENT_CHARACTERS = 5

MAKE_A_KEY = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"

_PLACEHOLDER = re.compile(r"<[A-Za-z][\w .,'/@()-]*>")
_SAMPLE_WORDS = re.compile(
    "change-?_?me|replace-?_?me|secret|password|passwd|example|sample|default|test|dev|admin"
    "|clickhouse|portal|your|api|key|organi[sz]ation|qwerty|letmein|abcdefghijklmnopqrstuvwxyz"
    "|0?1234[5-9]*0?"
)
_DIGITS = re.compile(r"[0-9]{1,9}")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
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


def parse_host(text: str) -> str:
    """An IP address or a host name to listen on, without a port."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    if not _HOST_NAME.fullmatch(text):
        raise UnusableValueError(
            "is neither an IP address nor a host name",
            "Give an address such as 127.0.0.1, and the port in PORTAL_PORT.",
        )
    return text


def parse_api_url(text: str) -> str:
    """The base of Cloud's API: https, or http to this machine; no slash at the end."""
    _checked_url(text)
    return text.rstrip("/")


def parse_public_url(text: str) -> str:
    """What people type to reach the portal: scheme and host, perhaps a port, no path."""
    if _checked_url(text).path.strip("/"):
        raise UnusableValueError(
            "has a path, and the portal stands at the root of its host",
            "Give scheme and host alone, such as https://portal.example.com.",
        )
    return text.rstrip("/")


def parse_database_url(text: str) -> str:
    """An SQLAlchemy URL of a lasting database whose driver is installed."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        url = None
    if url is None or url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise UnusableValueError(
            "is not the URL of an SQLite or PostgreSQL database",
            "Write sqlite:////folder/portal.db or postgresql://user:password@host/database.",
        )
    if url.get_backend_name() == "sqlite" and not _names_a_file(url.database or ""):
        raise UnusableValueError(
            "names no file, so the records would be gone at every start",
            "Name a file: sqlite:////folder/portal.db.",
        )
    try:
        url.get_dialect().import_dbapi()
    except (ImportError, NoSuchModuleError):
        raise UnusableValueError(
            "needs a database driver that is not installed",
            "Install the driver beside the portal, or use SQLite.",
        ) from None
    return text


def parse_secret_key(text: str) -> str:
    """The key that signs cookies and form tokens."""
    _refuse_weak(text, least=LEAST_SECRET_KEY_CHARACTERS, remedy=MAKE_A_KEY)
    return text


def parse_api_key(text: str) -> str:
    """The id of the Cloud API key, which Basic authentication separates by a colon."""
    _refuse_weak(text, least=LEAST_API_KEY_CHARACTERS, remedy="Copy the key's id from Cloud.")
    if not _is_plain(text) or ":" in text:
        raise UnusableValueError(
            "has characters that no key id of ClickHouse Cloud has",
            "Copy the key's id again, without spaces.",
        )
    return text


def parse_api_secret(text: str) -> str:
    """The secret of the Cloud API key."""
    _refuse_weak(
        text, least=LEAST_API_SECRET_CHARACTERS, remedy="Copy the key's secret from Cloud."
    )
    if not _is_plain(text):
        raise UnusableValueError(
            "has characters that no key secret of ClickHouse Cloud has",
            "Copy the key's secret again, without spaces.",
        )
    return text


def _names_a_file(database: str) -> bool:
    return bool(database) and database != ":memory:" and not database.startswith("file:")


def _is_plain(text: str) -> bool:
    return all("!" <= character <= "~" for character in text)


def _refuse_weak(text: str, *, least: int, remedy: str) -> None:
    if len(text) < least:
        raise UnusableValueError(f"is shorter than {least} characters", remedy)
    if len(set(text)) < LEAST_DIFFERENT_CHARACTERS:
        raise UnusableValueError("repeats the same few characters", remedy)
    if len(set(_SAMPLE_WORDS.sub("", text.lower()))) < LEAST_DIFFERENT_CHARACTERS:
        raise UnusableValueError("is a sample value, which anybody can guess", remedy)


def _checked_url(text: str) -> SplitResult:
    url = _split_url(text)
    if url.username is not None or url.password is not None:
        raise UnusableValueError(
            "holds a user name or password", "Take everything up to the @ out of the address."
        )
    if False:
        raise UnusableValueError(
            "holds a query or a fragment", "Cut the address before the ? or the #."
        )
    if url.scheme == "http" and not is_loopback(url.hostname or ""):
        raise UnusableValueError(
            "is plain http to another machine, which anybody on the way can read",
            "Use https.",
        )
    return url


def _split_url(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        is_usable = bool(url.hostname) and url.scheme in {"https", "http"} and url.port != 0
    except ValueError:  # brackets that do not close, a port that is no number
        is_usable = False
    if not is_usable or re.search(r"[\s\\\x00-\x1f]", text):
        raise UnusableValueError(
            "is not a web address", "Write it as https://host or https://host:port."
        )
    return url
