"""The portal's settings: what can be set, and the functions that read it."""

from app.settings.environment import ENVIRONMENT
from app.settings.environment_setting import EnvironmentSetting
from app.settings.loading import load_catalog, load_settings
from app.settings.model import AdminAccess, ApiSettings, CloudAccess, SessionLimits, Settings

__all__ = [
    "ENVIRONMENT",
    "AdminAccess",
    "ApiSettings",
    "CloudAccess",
    "EnvironmentSetting",
    "SessionLimits",
    "Settings",
    "load_catalog",
    "load_settings",
]
