"""What a setting of the environment is made of."""

from collections.abc import Callable
from dataclasses import dataclass

ENV_FILE = "PORTAL_ENV_FILE"


@dataclass(frozen=True)
class Alias:
    """An earlier service's name for a setting; `advice` says what to write instead.

    `parse` reads the alias's text where its form differs from the setting's own.
    """

    name: str
    advice: str
    parse: Callable[[str], object] | None = None


@dataclass(frozen=True)
class EnvironmentSetting:
    """One setting of the environment or of `configs/.env`.

    `parse` raises UnusableValueError. `default` is text and is parsed like a given value;
    `{NAME}` in it stands for the value of a setting further up, "" for no value at all. A
    setting without a default is required. A secret may also be given as the path of a file that
    holds it, in `file_name`. `alias` counts only where nothing is given under `name`.
    """

    name: str
    meaning: str
    parse: Callable[[str], object]
    default: str | None = None
    is_secret: bool = False
    alias: Alias | None = None

    @property
    def file_name(self) -> str:
        """The variable that names a file with the value; read for secrets only."""
        return f"{self.name}_FILE"


def earlier_name(suffix: str, instead: str) -> Alias:
    """The name that the earlier service had for the setting `instead`."""
    return Alias(
        f"CLICKHOUSE_FAST_API_{suffix}",
        f"is the name of an earlier service's setting. Write {instead} instead.",
    )
