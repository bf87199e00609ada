"""How the demonstration sets up its portal and looks at what it has started."""

import json
import secrets
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from werkzeug.security import generate_password_hash

from app.cli.commands import ROOT
from app.errors import SettingsFault
from app.settings.environment.parsers import UnusableValueError, parse_whole_number
from app.settings.sources import ENVIRONMENT_SOURCE, format_fault

DEFAULT_PORT = "8000"
CONFIG = "configs/sandbox_org_config.yaml"
ADMINISTRATOR = "admin"
ADMINISTRATOR_PASSWORD = "admin-sandbox-1"  # noqa: S105 - published by design, as the sandbox's
ANSWER_SECONDS = 5
# What the demonstration decides by itself, so that nothing of a real portal gets into it.
_OWN_PREFIXES = ("CLICKHOUSE_", "PORTAL_", "GUNICORN_", "FLASK_", "WEB_CONCURRENCY")


def choose_port(environ: Mapping[str, str]) -> int:
    """The port the portal shall listen on. Raises SettingsFault."""
    try:
        text = environ.get("PORTAL_PORT") or DEFAULT_PORT
        return parse_whole_number(text, minimum=1, maximum=65535)
    except UnusableValueError as unusable:
        line = format_fault(ENVIRONMENT_SOURCE, "PORTAL_PORT", unusable.what, unusable.remedy)
        raise SettingsFault(faults=(line,)) from None


def instance_of(port: int) -> str:
    """The folder of the portal's records, named for the port, so that two demonstrations at once do
    not meet in one database."""
    return f"instance/sandbox-{port}"


def portal_environ(
    environ: Mapping[str, str], world: Mapping[str, Any], port: int
) -> dict[str, str]:
    """The environment of the portal over the sandbox with this world."""
    kept = {name: text for name, text in environ.items() if not name.startswith(_OWN_PREFIXES)}
    return kept | {
        "CLICKHOUSE_API_URL": world["url"],
        "CLICKHOUSE_API_KEY": world["api_key_id"],
        "CLICKHOUSE_API_SECRET": world["api_key_secret"],
        "CLICKHOUSE_ORGANIZATION_ID": world["organization_id"],
        "PORTAL_ENV_FILE": "",
        "PORTAL_CONFIG": CONFIG,
        "PORTAL_INSTANCE": instance_of(port),
        "PORTAL_PORT": str(port),
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_ADMIN_USERNAME": ADMINISTRATOR,
        "PORTAL_ADMIN_PASSWORD_HASH": generate_password_hash(ADMINISTRATOR_PASSWORD),
    }


def reload_arguments(is_reloading: bool, config: str = CONFIG) -> list[str]:
    """What makes gunicorn start its worker anew when code, pages, styles or groups change."""
    if not is_reloading:
        return []
    shown = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.*")]
    watched = [*sorted(shown), ROOT / config]
    return ["--reload", *(f"--reload-extra-file={path}" for path in watched)]


def is_healthy(url: str) -> bool:
    """Whether the portal at this address serves by now."""
    try:
        return _get(f"{url}/healthz")[0] == 200
    except (OSError, HTTPException):
        return False


def get_json(url: str) -> Any:  # noqa: ANN401 - whatever the sandbox says
    """What the sandbox, on this machine, answers."""
    return json.loads(_get(url)[1])


def post_json(url: str, body: object) -> bool:
    """Whether the sandbox, on this machine, has taken an order."""
    return _ask("POST", url, json.dumps(body))[0] == 200


def _get(url: str) -> tuple[int, bytes]:
    return _ask("GET", url, None)


def _ask(method: str, url: str, body: str | None) -> tuple[int, bytes]:
    # Not by way of `requests`: a proxy that the environment names has no place on loopback.
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    headers = {"Content-Type": "application/json"} if body else {}
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
