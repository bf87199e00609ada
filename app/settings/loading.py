"""Load the settings from the environment, the settings file and the YAML file.

All faults of all three are collected and raised at once.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from app.domain.groups.catalog import Catalog
from app.errors import SettingsFault
from app.settings.client_secrets import find_missing
from app.settings.environment import ENV_FILE, ENVIRONMENT, EnvironmentSetting
from app.settings.model import (
    AdminAccess,
    ApiSettings,
    CloudAccess,
    CloudSettings,
    EffectiveSetting,
    LogFile,
    SessionLimits,
    Settings,
)
from app.settings.org.config import OrgConfig, read_org_config
from app.settings.parsers import MAKE_A_KEY, UnusableValueError, is_placeholder
from app.settings.sources import ENVIRONMENT_SOURCE, GivenText, Sources, format_fault

CLIENT_SECRETS = "PORTAL_OIDC_CLIENT_SECRETS"
SECRET_KEY = "PORTAL_SECRET_KEY"  # noqa: S105 - its name
ADMIN_NAMES = ("PORTAL_ADMIN_USERNAME", "PORTAL_ADMIN_PASSWORD_HASH")
DEBUG_OFF = {"", "0", "false", "no"}
"""Values of FLASK_DEBUG for which Flask's debugger stays off."""


def load_settings(environ: Mapping[str, str], *, root: Path) -> Settings:
    """The portal's settings. Relative paths are taken from `root`, the project's folder.

    Raises SettingsFault with all faults, each as `<file or environment>: <key>: what. Remedy.`;
    none of them repeats a value of the environment.
    """
    sources = Sources(environ, root=root)
    values = _parse_environment(sources, root)
    _check_admin(sources)
    _check_log_file(values, sources)
    _check_debugger(environ, sources)
    org_config = None
    if "PORTAL_CONFIG" in values:
        label = sources.label(values["PORTAL_CONFIG"])
        org_config, faults = read_org_config(values["PORTAL_CONFIG"])
        sources.faults += [format_fault(label, *fault) for fault in faults]
    if org_config:
        _check_client_secrets(org_config, values, sources)
    if sources.faults or org_config is None:
        raise SettingsFault(faults=tuple(sources.faults))
    warnings = (*sources.warnings, *(f"{label}: {line}" for line in org_config.warnings))
    settings = _assemble(values | {ENV_FILE: sources.file_label}, org_config, root, warnings)
    is_lasting, files = _is_key_given(sources), sources.secret_files
    return replace(settings, is_key_lasting=is_lasting, secret_files=files)


def load_cloud_settings(environ: Mapping[str, str], *, root: Path) -> CloudSettings:
    """What it takes to ask Cloud, and where the file of groups is or shall be, which is not read.

    Raises SettingsFault with all faults of the environment and the settings file.
    """
    sources = Sources(environ, root=root)
    values = _parse_environment(sources, root)
    if sources.faults:
        raise SettingsFault(faults=tuple(sources.faults))
    return CloudSettings(_make_cloud_access(values), values["PORTAL_CONFIG"])


def load_catalog(path: Path) -> Catalog:
    """The catalog of the YAML file alone, to reload it while the portal runs.

    Raises SettingsFault with all faults of the file, in the same form.
    """
    org_config, faults = read_org_config(path)
    if org_config is None:
        raise SettingsFault(faults=tuple(format_fault(str(path), *fault) for fault in faults))
    return org_config.catalog


def _parse_environment(sources: Sources, root: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for setting in ENVIRONMENT:
        given = sources.find(setting) or _find_default(setting, sources, values)
        if given is None:
            continue
        try:
            value = _parse(setting, given)
        except UnusableValueError as unusable:
            sources.add_fault(given.source, given.key, unusable.what, unusable.remedy)
        else:
            values[setting.name] = root / value if isinstance(value, Path) else value
    return values


def _parse(setting: EnvironmentSetting, given: GivenText) -> object:
    if is_placeholder(given.text):
        raise UnusableValueError(
            "is still the template's placeholder", "Put your own value in its place."
        )
    parse = (given.alias.parse if given.alias else None) or setting.parse
    return parse(given.text if setting.is_secret else given.text.strip())


def _find_default(
    setting: EnvironmentSetting, sources: Sources, values: Mapping[str, Any]
) -> GivenText | None:
    if sources.is_given(setting):  # unreadable, and reported already
        return None
    if setting.name == SECRET_KEY and sources.has_alias:
        return _make_secret_key(sources)
    if setting.default is None:
        remedy = f"Set it in {sources.places}."
        sources.add_fault(ENVIRONMENT_SOURCE, setting.name, "is missing", remedy)
        return None
    if not setting.default:
        return None
    try:
        text = setting.default.format_map(values)
    except KeyError:  # a setting that the default refers to is faulty, and reported already
        return None
    return GivenText(ENVIRONMENT_SOURCE, setting.name, text)


def _make_secret_key(sources: Sources) -> GivenText:
    # An earlier service signed nothing, so its settings have no such key.
    what = f"is missing, so everybody is signed out at each start. {MAKE_A_KEY}"
    sources.warnings.append(f"{ENVIRONMENT_SOURCE}: {SECRET_KEY}: {what}")
    return GivenText(ENVIRONMENT_SOURCE, SECRET_KEY, secrets.token_urlsafe(48))


def _is_key_given(sources: Sources) -> bool:
    return any(sources.is_given(item) for item in ENVIRONMENT if item.name == SECRET_KEY)


def _check_admin(sources: Sources) -> None:
    settings = [setting for setting in ENVIRONMENT if setting.name in ADMIN_NAMES]
    missing = [setting.name for setting in settings if not sources.is_given(setting)]
    if len(missing) == 1:
        (present,) = set(ADMIN_NAMES) - set(missing)
        remedy = f"Set both in {sources.places}, or neither."
        what = f"is missing beside {present}"
        sources.add_fault(ENVIRONMENT_SOURCE, missing[0], what, remedy)


def _check_client_secrets(
    org_config: OrgConfig, values: Mapping[str, Any], sources: Sources
) -> None:
    companies = [item.company for item in org_config.catalog.warehouses if item.company]
    providers = {item.key for item in companies if item.header is None}
    if missing := find_missing(providers, values.get(CLIENT_SECRETS) or {}):
        what = f"has no secret of {missing}, by which people of a warehouse sign in"
        remedy = f"Add {missing}=secret in {sources.places}."
        sources.add_fault(ENVIRONMENT_SOURCE, CLIENT_SECRETS, what, remedy)


def _check_log_file(values: Mapping[str, Any], sources: Sources) -> None:
    path: Path | None = values.get("PORTAL_LOG_FILE")
    if path and not _is_writable(path):
        remedy = "Name a file in a folder that the portal's user may write to."
        what = "names a file that cannot be written"
        sources.add_fault(sources.label(path), "PORTAL_LOG_FILE", what, remedy)


def _is_writable(path: Path) -> bool:
    """Whether the file can be written; its missing folders are made with the first line."""
    try:
        if path.exists():
            return path.is_file() and os.access(path, os.W_OK)
        folder = next(parent for parent in path.parents if parent.exists())
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    except OSError:  # the name is too long, a folder cannot be searched
        return False


def _check_debugger(environ: Mapping[str, str], sources: Sources) -> None:
    if environ.get("FLASK_DEBUG", "").lower() not in DEBUG_OFF:
        what = "is on, and Flask's debugger shows code and data to whoever causes an error"
        sources.add_fault(ENVIRONMENT_SOURCE, "FLASK_DEBUG", what, "Leave it out.")


def _assemble(
    values: Mapping[str, Any], org_config: OrgConfig, root: Path, warnings: tuple[str, ...]
) -> Settings:
    return Settings(
        cloud=_make_cloud_access(values),
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


def _make_cloud_access(values: Mapping[str, Any]) -> CloudAccess:
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
