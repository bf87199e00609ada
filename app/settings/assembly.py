"""The settings as one object, made of the values of the environment and of the file of groups."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from app.settings.environment.setting import EnvironmentSetting
from app.settings.environment.table import ENVIRONMENT
from app.settings.model import (
    AdminAccess,
    ApiSettings,
    CloudAccess,
    EffectiveSetting,
    LogFile,
    SessionLimits,
    Settings,
)
from app.settings.org.config import OrgConfig

CLIENT_SECRETS = "PORTAL_OIDC_CLIENT_SECRETS"
SECRET_KEY = "PORTAL_SECRET_KEY"  # noqa: S105 - its name
ADMIN_NAMES = ("PORTAL_ADMIN_USERNAME", "PORTAL_ADMIN_PASSWORD_HASH")


def assemble(
    values: Mapping[str, Any], org_config: OrgConfig, root: Path, warnings: tuple[str, ...]
) -> Settings:
    """The settings. `values` are those of the environment by name, without any fault."""
    return Settings(
        cloud=make_cloud_access(values),
        secret_key=SecretStr(values[SECRET_KEY]),
        host=values["PORTAL_HOST"],
        port=values["PORTAL_PORT"],
        public_url=values["PORTAL_PUBLIC_URL"],
        docs_path=values["PORTAL_DOCS_PATH"],
        trusted_proxies=values["PORTAL_TRUSTED_PROXIES"],
        threads=values["PORTAL_THREADS"],
        processes=values["WEB_CONCURRENCY"],
        is_worker_inside=values["PORTAL_WORKER"] == "inside",
        is_load_read=values["PORTAL_LOAD"],
        are_costs_read=values["PORTAL_COSTS"],
        are_reverts_frozen=values["PORTAL_FREEZE_STOPS_REVERTS"],
        database_url=SecretStr(_absolute_database_url(values["PORTAL_DATABASE_URL"], root)),
        instance_folder=values["PORTAL_INSTANCE"],
        anchor_file=values["PORTAL_AUDIT_ANCHOR"],
        sessions=SessionLimits(
            idle_minutes=values["PORTAL_SESSION_IDLE_MINUTES"],
            absolute_hours=values["PORTAL_SESSION_HOURS"],
            most_per_user=values["PORTAL_SESSIONS_PER_USER"],
            reauthenticate_minutes=values["PORTAL_REAUTHENTICATE_MINUTES"],
        ),
        api=ApiSettings(
            remember_seconds=values["PORTAL_API_REMEMBER_SECONDS"],
            may_use_query_credentials=values["PORTAL_ALLOW_QUERY_CREDENTIALS"],
        ),
        time_zone=org_config.time_zone,
        config_file=values["PORTAL_CONFIG"],
        catalog=org_config.catalog,
        effective=_list_effective(values),
        admin=_make_admin(values),
        log_file=_make_log_file(values),
        metrics_token=_make_metrics_token(values),
        oidc_secrets={
            key: SecretStr(secret) for key, secret in (values.get(CLIENT_SECRETS) or {}).items()
        },
        assertion_proxies=values.get("PORTAL_ASSERTION_PROXIES") or (),
        warnings=warnings,
    )


def make_cloud_access(values: Mapping[str, Any]) -> CloudAccess:
    """What it takes to ask Cloud."""
    return CloudAccess(
        url=values["CLICKHOUSE_API_URL"],
        organization_id=values["CLICKHOUSE_ORGANIZATION_ID"],
        key_id=SecretStr(values["CLICKHOUSE_API_KEY"]),
        key_secret=SecretStr(values["CLICKHOUSE_API_SECRET"]),
    )


def _absolute_database_url(text: str, root: Path) -> str:
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(root / (url.database or "")))
    return url.render_as_string(hide_password=False)


def _make_admin(values: Mapping[str, Any]) -> AdminAccess | None:
    username, password_hash = (values.get(name) for name in ADMIN_NAMES)
    return AdminAccess(username, SecretStr(password_hash)) if username and password_hash else None


def _make_log_file(values: Mapping[str, Any]) -> LogFile | None:
    path = values.get("PORTAL_LOG_FILE")
    if path is None:
        return None
    return LogFile(path, values["PORTAL_LOG_MAX_BYTES"], values["PORTAL_LOG_BACKUPS"])


def _make_metrics_token(values: Mapping[str, Any]) -> SecretStr | None:
    token = values.get("PORTAL_METRICS_TOKEN")
    return SecretStr(token) if token else None


def _list_effective(values: Mapping[str, Any]) -> tuple[EffectiveSetting, ...]:
    return tuple(
        EffectiveSetting(item.name, item.meaning, _show(item, values.get(item.name)))
        for item in ENVIRONMENT
    )


def _show(setting: EnvironmentSetting, value: object) -> str:
    if value is None or value == "":
        return "not set"
    if isinstance(value, bool):
        return "on" if value else "off"
    return "set" if setting.is_secret else str(value)
