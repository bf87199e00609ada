"""One setting of the environment, as data."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Alias:
    """The name that an earlier service had for a setting; `advice` says what to write now.

    `parse` reads the text where it is not what the setting itself takes.
    """

    name: str
    advice: str
    parse: Callable[[str], object] | None = None


@dataclass(frozen=True)
class EnvironmentSetting:
    """One setting of the environment or of `configs/.env`.

    `default` is text that is parsed like a given value; `{NAME}` in it stands for the value of
    a setting further up, and the empty text for nothing at all. A setting without one must be
    given. A secret may also be given as the name of a file that holds it, in `NAME_FILE`.
    Only where nothing is given under `name` does `alias` count.
    """

    name: str
    meaning: str
    parse: Callable[[str], object]
    default: str | None = None
    is_secret: bool = False
    alias: Alias | None = None

    @property
    def file_name(self) -> str:
        """The variable that names a file with the value; only secrets have one."""
        return f"{self.name}_FILE"
