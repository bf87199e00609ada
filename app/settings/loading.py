"""Environment, settings file and YAML -> `Settings`, or every fault at once."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.domain.groups.catalog import Catalog
from app.errors import SettingsFault
from app.settings.assembling import ADMIN_NAMES, assemble
from app.settings.environment import ENV_FILE, ENVIRONMENT
from app.settings.environment_setting import EnvironmentSetting
from app.settings.log_file import find_fault
from app.settings.model import Settings
from app.settings.org_config import read_org_config
from app.settings.secret_texts import MAKE_A_KEY
from app.settings.sources import ENVIRONMENT_SOURCE, Given, Sources, fault
from app.settings.values import UnusableValueError, is_placeholder

SECRET_KEY = "PORTAL_SECRET_KEY"  # noqa: S105 - its name
NO_DEBUG = {"", "0", "false", "no"}
"""What Flask takes for no; anything else switches its debugger on."""


def load_settings(environ: Mapping[str, str], *, root: Path) -> Settings:
    """The portal's settings. Relative paths are taken from `root`, the project's folder.

    Raises SettingsFault with all faults, each as `<file or environment>: <key>: what. Remedy.`;
    none of them repeats a value of the environment.
    """
    sources = Sources(environ, root=root)
    values = _parse_environment(sources, root)
    faults = [*sources.faults, *_half_an_admin(sources), *_log_faults(values, sources)]
    faults += _debug_faults(environ)
    org_config = None
    if "PORTAL_CONFIG" in values:
        path: Path = values["PORTAL_CONFIG"]
        org_config, problems = read_org_config(path)
        faults += [fault(sources.label(path), *problem) for problem in problems]
    if faults or org_config is None:
        raise SettingsFault(faults=tuple(faults))
    label = sources.label(values["PORTAL_CONFIG"])
    warnings = [*sources.warnings, *(f"{label}: {line}" for line in org_config.warnings)]
    return assemble(values | {ENV_FILE: sources.file_label}, org_config, root, tuple(warnings))


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
    if setting.name == SECRET_KEY and sources.has_alias:
        return _passing_key(sources)
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


def _passing_key(sources: Sources) -> Given:
    """Settings of an earlier service, which signed nothing, have no such key: one is made up."""
    what = f"is missing, so everybody is signed out at each start. {MAKE_A_KEY}"
    sources.warnings.append(f"{ENVIRONMENT_SOURCE}: {SECRET_KEY}: {what}")
    return Given(ENVIRONMENT_SOURCE, SECRET_KEY, secrets.token_urlsafe(48))


def _log_faults(values: Mapping[str, Any], sources: Sources) -> list[str]:
    path: Path | None = values.get("PORTAL_LOG_FILE")
    found = find_fault(path) if path else None
    return [fault(sources.label(path), "PORTAL_LOG_FILE", *found)] if path and found else []


def _debug_faults(environ: Mapping[str, str]) -> list[str]:
    if environ.get("FLASK_DEBUG", "").lower() in NO_DEBUG:
        return []
    what = "is on, and Flask's debugger shows code and data to whoever causes an error"
    return [fault(ENVIRONMENT_SOURCE, "FLASK_DEBUG", what, "Leave it out.")]


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
    parse = (given.alias.parse if given.alias else None) or setting.parse
    return parse(given.text if setting.is_secret else given.text.strip())


def _anchored(value: object, root: Path) -> object:
    return root / value if isinstance(value, Path) else value
