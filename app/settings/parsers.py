"""Parsers of the environment's settings: text in, value out.

Every parser raises UnusableValueError for text that it does not accept. Settings may hold
secrets, so the error never repeats the text.
"""

import ipaddress
import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.domain.groups.group import is_loopback

MIN_SECRET_KEY_LENGTH = 32
MIN_API_KEY_LENGTH = 8
MIN_API_SECRET_LENGTH = 16
MIN_DISTINCT_CHARACTERS = 5
MAX_USERNAME_LENGTH = 100
DATABASE_DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"}
"""How a URL may begin: time limits are set through these drivers and no others."""

MAKE_A_KEY = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
MAKE_A_HASH = "Make one with: python -m app.cli.hash_password"

RESERVED_PATHS = frozenset(
    {
        "account",
        "activity",
        "admin",
        "api",
        "bootstrap",
        "changes",
        "groups",
        "healthz",
        "help",
        "metrics",
        "openapi.json",
        "readyz",
        "reference",
        "scaling",
        "schedules",
        "service",
        "session",
        "sign-in",
        "sign-out",
        "spend",
        "static",
        "theme",
        "warehouse",
    }
)
"""First segments of the portal's own URL paths; a test compares them with its routes."""

_PLACEHOLDER = re.compile(r"<[A-Za-z][\w .,'/@()-]*>")
_DIGITS = re.compile(r"[0-9]{1,9}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOCS_PATH = re.compile(r"(/[A-Za-z0-9_-]{1,60}){1,8}")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_SAMPLE_WORDS = re.compile(
    "change-?_?me|replace-?_?me|secret|password|passwd|example|sample|default|test|dev|admin"
    "|clickhouse|portal|your|api|key|organi[sz]ation|qwerty|letmein|abcdefghijklmnopqrstuvwxyz"
    "|0?1234[5-9]*0?"
)
# werkzeug.security: scrypt:<N>:<r>:<p>$<salt>$<hash in hex>. N is a power of two (RFC 7914).
_SCRYPT = re.compile(r"scrypt:([0-9]{1,7}):([0-9]{1,2}):([0-9]{1,2})\$[^$\s]{8,64}\$[0-9a-f]{128}")
_MIN_SCRYPT_COST, _MAX_SCRYPT_COST = 2**17, 2**21
"""N x r x p. Below: a stolen hash is quickly guessed. Above: a sign-in uses too much memory."""


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
    """The base URL of Cloud's API without a path: https, or http to this machine."""
    return _parse_base_url(text, "the portal adds /v1/… itself", "https://api.clickhouse.cloud")


def parse_public_url(text: str) -> str:
    """The base URL of the portal without a path: https, or http on this machine."""
    reason = "the portal stands at the root of its host"
    return _parse_base_url(text, reason, "https://portal.example.com")


def parse_docs_path(text: str) -> str:
    """A URL path outside RESERVED_PATHS, without a slash at its end."""
    path = text.rstrip("/")
    if not _DOCS_PATH.fullmatch(path):
        raise UnusableValueError(
            "is not a path", "Write it as /docs or /some/docs: letters, digits, - and _."
        )
    if path.split("/")[1] in RESERVED_PATHS:
        raise UnusableValueError(
            "begins like another address of the portal", "Let it begin with another word."
        )
    return path


def parse_database_url(text: str) -> str:
    """The SQLAlchemy URL of an SQLite file or a PostgreSQL database."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        url = None
    if url is None or url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise UnusableValueError(
            "is not the URL of an SQLite or PostgreSQL database",
            "Write sqlite:////folder/portal.db or postgresql://user:password@host/database.",
        )
    if url.get_backend_name() == "sqlite" and not _is_file_name(url.database or ""):
        raise UnusableValueError(
            "names no file, so the records would be gone at every start",
            "Name a file: sqlite:////folder/portal.db.",
        )
    if url.drivername not in DATABASE_DRIVERS:
        raise UnusableValueError(
            "names a database driver that the portal does not use",
            "Leave the driver out: postgresql://user:password@host/database.",
        )
    return text


def parse_secret_key(text: str) -> str:
    """The key that signs cookies and form tokens."""
    _refuse_weak(text, min_length=MIN_SECRET_KEY_LENGTH, remedy=MAKE_A_KEY)
    return text


def parse_api_key(text: str) -> str:
    """The id of the Cloud API key. It is a Basic authentication user name, so it has no colon."""
    _refuse_weak(text, min_length=MIN_API_KEY_LENGTH, remedy="Copy the key's id from Cloud.")
    if not _is_graphic_ascii(text) or ":" in text:
        raise UnusableValueError(
            "has characters that no key id of ClickHouse Cloud has",
            "Copy the key's id again, without spaces.",
        )
    return text


def parse_api_secret(text: str) -> str:
    """The secret of the Cloud API key."""
    remedy = "Copy the key's secret from Cloud."
    _refuse_weak(text, min_length=MIN_API_SECRET_LENGTH, remedy=remedy)
    if not _is_graphic_ascii(text):
        raise UnusableValueError(
            "has characters that no key secret of ClickHouse Cloud has",
            "Copy the key's secret again, without spaces.",
        )
    return text


def parse_metrics_token(text: str) -> str:
    """The bearer token for /metrics."""
    _refuse_weak(text, min_length=MIN_SECRET_KEY_LENGTH, remedy=MAKE_A_KEY)
    if not _is_graphic_ascii(text):
        raise UnusableValueError("has characters that no header can carry", MAKE_A_KEY)
    return text


def parse_admin_username(text: str) -> str:
    """A printable name of up to MAX_USERNAME_LENGTH characters."""
    if len(text) > MAX_USERNAME_LENGTH or not text.isprintable():
        raise UnusableValueError(
            "is no name for a sign-in", f"Give up to {MAX_USERNAME_LENGTH} ordinary characters."
        )
    return text


def parse_password_hash(text: str) -> str:
    """A scrypt hash in werkzeug's format with safe cost parameters."""
    match = _SCRYPT.fullmatch(text)
    if not match:
        raise UnusableValueError("is not a hash of the form scrypt:N:r:p$salt$hash", MAKE_A_HASH)
    n, r, p = (int(figure) for figure in match.groups())
    is_power_of_two = n > 1 and n & (n - 1) == 0
    if not is_power_of_two or not _MIN_SCRYPT_COST <= n * r * p <= _MAX_SCRYPT_COST:
        raise UnusableValueError("has figures that are not safe to use", MAKE_A_HASH)
    return text


def _is_file_name(database: str) -> bool:
    return bool(database) and database != ":memory:" and not database.startswith("file:")


def _parse_base_url(text: str, reason: str, example: str) -> str:
    url = _split_url(text)
    if url.username is not None or url.password is not None:
        raise UnusableValueError(
            "holds a user name or password", "Take everything up to the @ out of the address."
        )
    if "?" in text or "#" in text:
        raise UnusableValueError(
            "holds a query or a fragment", "Cut the address before the ? or the #."
        )
    if url.scheme == "http" and not is_loopback(url.hostname or ""):
        raise UnusableValueError(
            "is plain http to another machine, which anybody on the way can read", "Use https."
        )
    if url.path.strip("/"):
        remedy = f"Give scheme and host alone, such as {example}."
        raise UnusableValueError(f"has a path, and {reason}", remedy)
    return text.rstrip("/")


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


def _is_graphic_ascii(text: str) -> bool:
    return all("!" <= character <= "~" for character in text)


def _refuse_weak(text: str, *, min_length: int, remedy: str) -> None:
    if len(text) < min_length:
        raise UnusableValueError(f"is shorter than {min_length} characters", remedy)
    if len(set(text)) < MIN_DISTINCT_CHARACTERS:
        raise UnusableValueError("repeats the same few characters", remedy)
    if len(set(_SAMPLE_WORDS.sub("", text.lower()))) < MIN_DISTINCT_CHARACTERS:
        raise UnusableValueError("is a sample value, which anybody can guess", remedy)
