"""Load the settings from the environment, the settings file and the YAML file.

All faults of all three are collected and raised at once.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.groups.catalog import Catalog
from app.errors import SettingsFault
from app.files import stamp_of
from app.settings.assembly import (
    ADMIN_NAMES,
    CLIENT_SECRETS,
    SECRET_KEY,
    assemble,
    make_cloud_access,
)
from app.settings.environment.credentials import MAKE_A_KEY, find_missing
from app.settings.environment.parsers import UnusableValueError, is_placeholder
from app.settings.environment.setting import ENV_FILE, EnvironmentSetting
from app.settings.environment.table import ENVIRONMENT
from app.settings.model import (
    CloudSettings,
    Settings,
)
from app.settings.org.config import OrgConfig, read_org_config
from app.settings.sources import ENVIRONMENT_SOURCE, GivenText, Sources, format_fault

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
    org_config, stamp = None, None
    if "PORTAL_CONFIG" in values:
        stamp = stamp_of(values["PORTAL_CONFIG"])  # before: what is written meanwhile is followed
        label = sources.label(values["PORTAL_CONFIG"])
        org_config, faults = read_org_config(values["PORTAL_CONFIG"])
        sources.faults += [format_fault(label, *fault) for fault in faults]
    if org_config:
        _check_client_secrets(org_config, values, sources)
    if sources.faults or org_config is None:
        raise SettingsFault(faults=tuple(sources.faults))
    warnings = (*sources.warnings, *(f"{label}: {line}" for line in org_config.warnings))
    settings = assemble(values | {ENV_FILE: sources.file_label}, org_config, root, warnings)
    is_lasting, files = _is_key_given(sources), sources.secret_files
    return replace(settings, is_key_lasting=is_lasting, secret_files=files, config_stamp=stamp)


def load_cloud_settings(environ: Mapping[str, str], *, root: Path) -> CloudSettings:
    """What it takes to ask Cloud, and where the file of groups is or shall be, which is not read.

    Raises SettingsFault with all faults of the environment and the settings file.
    """
    sources = Sources(environ, root=root)
    values = _parse_environment(sources, root)
    if sources.faults:
        raise SettingsFault(faults=tuple(sources.faults))
    return CloudSettings(make_cloud_access(values), values["PORTAL_CONFIG"])


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
