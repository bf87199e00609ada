"""One setting of the environment, as data."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class EnvironmentSetting:
    """One setting of the environment or of `configs/.env`.

    `default` is text that is parsed like a given value; `{NAME}` in it stands for the value of
    a setting further up, and the empty text for nothing at all. A setting without one must be
    given. A secret may also be given as the name of a file that holds it, in `NAME_FILE`.
    """

    name: str
    meaning: str
    parse: Callable[[str], object]
    default: str | None = None
    is_secret: bool = False

    @property
    def file_name(self) -> str:
        """The variable that names a file with the value; only secrets have one."""
        return f"{self.name}_FILE"
