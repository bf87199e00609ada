"""Parsed values and the file of groups -> `Settings`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from app.settings.effective import list_effective
from app.settings.model import (
    AdminAccess,
    ApiSettings,
    CloudAccess,
    LogFile,
    SessionLimits,
    Settings,
)
from app.settings.org_config import OrgConfig

ADMIN_NAMES = ("PORTAL_ADMIN_USERNAME", "PORTAL_ADMIN_PASSWORD_HASH")


def assemble(
    values: Mapping[str, Any], org_config: OrgConfig, root: Path, warnings: tuple[str, ...]
) -> Settings:
    """The settings, from the parsed values by name; relative paths are under `root` already."""
    return Settings(
        cloud=CloudAccess(
            url=values["CLICKHOUSE_API_URL"],
            organization_id=values["CLICKHOUSE_ORGANIZATION_ID"],
            key_id=SecretStr(values["CLICKHOUSE_API_KEY"]),
            key_secret=SecretStr(values["CLICKHOUSE_API_SECRET"]),
        ),
        secret_key=SecretStr(values["PORTAL_SECRET_KEY"]),
        host=values["PORTAL_HOST"],
        port=values["PORTAL_PORT"],
        public_url=values["PORTAL_PUBLIC_URL"],
        docs_path=values["PORTAL_DOCS_PATH"],
        trusted_proxies=values["PORTAL_TRUSTED_PROXIES"],
        threads=values["PORTAL_THREADS"],
        database_url=SecretStr(_anchored_database(values["PORTAL_DATABASE_URL"], root)),
        instance_folder=values["PORTAL_INSTANCE"],
        sessions=SessionLimits(
            idle_minutes=values["PORTAL_SESSION_IDLE_MINUTES"],
            absolute_hours=values["PORTAL_SESSION_HOURS"],
            most_per_user=values["PORTAL_SESSIONS_PER_USER"],
        ),
        api=ApiSettings(
            remember_seconds=values["PORTAL_API_REMEMBER_SECONDS"],
            may_use_query_credentials=values["PORTAL_ALLOW_QUERY_CREDENTIALS"],
        ),
        title=org_config.title,
        time_zone=org_config.time_zone,
        contact=org_config.contact,
        note=org_config.note,
        config_file=values["PORTAL_CONFIG"],
        catalog=org_config.catalog,
        effective=list_effective(values),
        admin=_admin(values),
        log_file=_log_file(values),
        metrics_token=_secret(values.get("PORTAL_METRICS_TOKEN")),
        warnings=warnings,
    )


def _anchored_database(text: str, root: Path) -> str:
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(root / (url.database or "")))
    return url.render_as_string(hide_password=False)


def _admin(values: Mapping[str, Any]) -> AdminAccess | None:
    username, password_hash = (values.get(name) for name in ADMIN_NAMES)
    return AdminAccess(username, SecretStr(password_hash)) if username and password_hash else None


def _log_file(values: Mapping[str, Any]) -> LogFile | None:
    path = values.get("PORTAL_LOG_FILE")
    if path is None:
        return None
    return LogFile(path, values["PORTAL_LOG_MAX_BYTES"], values["PORTAL_LOG_BACKUPS"])


def _secret(text: str | None) -> SecretStr | None:
    return SecretStr(text) if text else None
