"""The environment's settings as the portal understood them, without any secret."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.settings.environment import ENVIRONMENT
from app.settings.environment_setting import EnvironmentSetting

SET = "set"
NOT_SET = "not set"


@dataclass(frozen=True)
class EffectiveSetting:
    """One setting in force, wherever it came from. Of a secret, `shown` says only whether it is."""

    name: str
    meaning: str
    shown: str


def list_effective(values: Mapping[str, object]) -> tuple[EffectiveSetting, ...]:
    """Every setting there is, in the order of the table, with its parsed value in `values`."""
    return tuple(
        EffectiveSetting(item.name, item.meaning, _shown(item, values.get(item.name)))
        for item in ENVIRONMENT
    )


def _shown(setting: EnvironmentSetting, value: object) -> str:
    if value is None or value == "":
        return NOT_SET
    if isinstance(value, bool):
        return "on" if value else "off"
    return SET if setting.is_secret else str(value)
