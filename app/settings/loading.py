"""Environment, settings file and YAML -> `Settings`, or every fault at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from app.domain.catalog import Catalog
from app.errors import SettingsFault
from app.settings.effective import list_effective
from app.settings.environment import ENV_FILE, ENVIRONMENT
from app.settings.environment_setting import EnvironmentSetting
from app.settings.model import AdminAccess, CloudAccess, SessionLimits, Settings
from app.settings.org_config import OrgConfig, read_org_config
from app.settings.sources import ENVIRONMENT_SOURCE, Given, Sources, fault
from app.settings.values import UnusableValueError, is_placeholder

ADMIN_NAMES = ("PORTAL_ADMIN_USERNAME", "PORTAL_ADMIN_PASSWORD_HASH")


def load_settings(environ: Mapping[str, str], *, root: Path) -> Settings:
    """The portal's settings. Relative paths are taken from `root`, the project's folder.

    Raises SettingsFault with all faults, each as `<file or environment>: <key>: what. Remedy.`;
    none of them repeats a value of the environment.
    """
    sources = Sources(environ, root=root)
    values = _parse_environment(sources, root)
    faults = [*sources.faults, *_half_an_admin(sources)]
    org_config = None
    if "PORTAL_CONFIG" in values:
        path: Path = values["PORTAL_CONFIG"]
        org_config, problems = read_org_config(path)
        faults += [fault(sources.label(path), *problem) for problem in problems]
    if faults or org_config is None:
        raise SettingsFault(faults=tuple(faults))
    return _settings(values | {ENV_FILE: sources.file_label}, org_config, root)


def load_catalog(path: Path) -> Catalog:
    """The list of groups alone, read anew while the portal runs. Raises SettingsFault, as above."""
    org_config, problems = read_org_config(path)
    if org_config is None:
        raise SettingsFault(faults=tuple(fault(str(path), *problem) for problem in problems))
    return org_config.catalog


def _parse_environment(sources: Sources, root: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for setting in ENVIRONMENT:
        given = sources.find(setting) or _default(setting, sources, values)
        if given is not None:
            try:
                values[setting.name] = _anchored(_parse(setting, given), root)
            except UnusableValueError as unusable:
                line = fault(given.source, given.key, unusable.what, unusable.remedy)
                sources.faults.append(line)
    return values


def _default(
    setting: EnvironmentSetting, sources: Sources, values: Mapping[str, Any]
) -> Given | None:
    if sources.is_given(setting):  # badly, and reported already
        return None
    if setting.default is None:
        remedy = f"Set it in {sources.places()}."
        sources.faults.append(fault(ENVIRONMENT_SOURCE, setting.name, "is missing", remedy))
        return None
    if not setting.default:
        return None
    try:
        text = setting.default.format_map(values)
    except KeyError:  # what it is made of is faulty, and reported already
        return None
    return Given(ENVIRONMENT_SOURCE, setting.name, text)


def _half_an_admin(sources: Sources) -> list[str]:
    settings = [setting for setting in ENVIRONMENT if setting.name in ADMIN_NAMES]
    missing = [setting.name for setting in settings if not sources.is_given(setting)]
    if len(missing) != 1:
        return []
    (present,) = set(ADMIN_NAMES) - set(missing)
    remedy = f"Set both in {sources.places()}, or neither."
    return [fault(ENVIRONMENT_SOURCE, missing[0], f"is missing beside {present}", remedy)]


def _parse(setting: EnvironmentSetting, given: Given) -> object:
    if is_placeholder(given.text):
        raise UnusableValueError(
            "is still the template's placeholder", "Put your own value in its place."
        )
    return setting.parse(given.text if setting.is_secret else given.text.strip())


def _anchored(value: object, root: Path) -> object:
    return root / value if isinstance(value, Path) else value


def _anchored_database(text: str, root: Path) -> str:
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(root / (url.database or "")))
    return url.render_as_string(hide_password=False)


def _settings(values: Mapping[str, Any], org_config: OrgConfig, root: Path) -> Settings:
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
        trusted_proxies=values["PORTAL_TRUSTED_PROXIES"],
        threads=values["PORTAL_THREADS"],
        database_url=SecretStr(_anchored_database(values["PORTAL_DATABASE_URL"], root)),
        instance_folder=values["PORTAL_INSTANCE"],
        sessions=SessionLimits(
            idle_minutes=values["PORTAL_SESSION_IDLE_MINUTES"],
            absolute_hours=values["PORTAL_SESSION_HOURS"],
            most_per_user=values["PORTAL_SESSIONS_PER_USER"],
        ),
        title=org_config.title,
        time_zone=org_config.time_zone,
        contact=org_config.contact,
        config_file=values["PORTAL_CONFIG"],
        catalog=org_config.catalog,
        effective=list_effective(values),
        admin=_admin(values),
    )


def _admin(values: Mapping[str, Any]) -> AdminAccess | None:
    username, password_hash = (values.get(name) for name in ADMIN_NAMES)
    return AdminAccess(username, SecretStr(password_hash)) if username and password_hash else None
