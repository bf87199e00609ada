"""The portal's settings: what can be set, and one function that reads it all."""

from app.settings.environment import ENVIRONMENT, EnvironmentSetting
from app.settings.loading import load_settings
from app.settings.model import CloudAccess, SessionLimits, Settings

__all__ = [
    "ENVIRONMENT",
    "CloudAccess",
    "EnvironmentSetting",
    "SessionLimits",
    "Settings",
    "load_settings",
]
