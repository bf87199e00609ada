"""Parsers of settings that say where something is: addresses, paths in them, networks, databases.

Each raises UnusableValueError. A URL may hold a password, so the error never repeats the text.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.domain.access.addresses import Networks
from app.domain.groups.group import is_loopback
from app.settings.environment.parsers import UnusableValueError

DATABASE_DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"}
"""How a URL may begin: time limits are set through these drivers and no others."""
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


def parse_networks(text: str) -> Networks:
    """Addresses and networks with blanks between."""
    try:
        return tuple(ipaddress.ip_network(item) for item in text.split())
    except ValueError:
        raise UnusableValueError(
            "holds something that is neither an address nor a network",
            "Write such as 10.0.0.7 or 10.0.0.0/28, with blanks between.",
        ) from None


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
