"""Settings of the portal: the table of settings, the loaders and the values that they return."""

from app.settings.environment.setting import EnvironmentSetting
from app.settings.environment.table import ENVIRONMENT
from app.settings.loading import load_catalog, load_cloud_settings, load_settings
from app.settings.model import (
    AdminAccess,
    ApiSettings,
    CloudAccess,
    CloudSettings,
    SessionLimits,
    Settings,
)

__all__ = [
    "ENVIRONMENT",
    "AdminAccess",
    "ApiSettings",
    "CloudAccess",
    "CloudSettings",
    "EnvironmentSetting",
    "SessionLimits",
    "Settings",
    "load_catalog",
    "load_cloud_settings",
    "load_settings",
]
