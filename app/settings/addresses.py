"""Text of a setting -> a host, a web address, a path in it, or a database's address.

Addresses may hold passwords, so no fault repeats any of their text.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from app.domain.groups.group import is_loopback
from app.settings.values import UnusableValueError

TAKEN = frozenset(
    {
        "account",
        "admin",
        "api",
        "bootstrap",
        "changes",
        "groups",
        "healthz",
        "metrics",
        "readyz",
        "scaling",
        "service",
        "session",
        "sign-in",
        "sign-out",
        "static",
        "theme",
    }
)
"""The first words of the portal's own addresses; a test holds them to its routes."""

_DOCS_PATH = re.compile(r"(/[A-Za-z0-9_-]{1,60}){1,8}")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


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
    """The host of Cloud's API: https, or http to this machine; no path, no slash at the end."""
    if _checked_url(text).path.strip("/"):
        raise UnusableValueError(
            "has a path, and the portal adds /v1/… itself",
            "Give scheme and host alone, such as https://api.clickhouse.cloud.",
        )
    return text.rstrip("/")


def parse_public_url(text: str) -> str:
    """What people type to reach the portal: scheme and host, perhaps a port, no path."""
    if _checked_url(text).path.strip("/"):
        raise UnusableValueError(
            "has a path, and the portal stands at the root of its host",
            "Give scheme and host alone, such as https://portal.example.com.",
        )
    return text.rstrip("/")


def parse_docs_path(text: str) -> str:
    """A path under which nothing else of the portal stands; no slash at the end."""
    path = text.rstrip("/")
    if not _DOCS_PATH.fullmatch(path):
        raise UnusableValueError(
            "is not a path", "Write it as /docs or /some/docs: letters, digits, - and _."
        )
    if path.split("/")[1] in TAKEN:
        raise UnusableValueError(
            "begins like another address of the portal", "Let it begin with another word."
        )
    return path


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


def _names_a_file(database: str) -> bool:
    return bool(database) and database != ":memory:" and not database.startswith("file:")


def _checked_url(text: str) -> SplitResult:
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
