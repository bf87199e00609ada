"""Settings of the portal: the table of settings, the loaders and the values that they return."""

from app.settings.environment import ENVIRONMENT, EnvironmentSetting
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
