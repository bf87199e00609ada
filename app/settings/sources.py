"""Where a setting's text comes from: the environment, `configs/.env`, or a file with a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from app.settings.environment import ENV_FILE, ENVIRONMENT
from app.settings.environment_setting import Alias, EnvironmentSetting

ENVIRONMENT_SOURCE = "environment"
_OWN_PREFIXES = ("PORTAL_", "CLICKHOUSE_API_", "CLICKHOUSE_FAST_API_")
_OWN_NAMES = frozenset(
    {setting.name for setting in ENVIRONMENT}
    | {setting.file_name for setting in ENVIRONMENT if setting.is_secret}
    | {setting.alias.name for setting in ENVIRONMENT if setting.alias}
)


@dataclass(frozen=True)
class Given:
    """The text of a setting, with the source and the key that it was found under."""

    source: str
    key: str
    text: str
    alias: Alias | None = None


def fault(source: str, key: str, what: str, remedy: str) -> str:
    """One line for the person who sets the portal up."""
    return f"{source}: {key}: {what}. {remedy}"


class Sources:
    """The environment over the settings file. Reading collects faults instead of raising."""

    def __init__(self, environ: Mapping[str, str], *, root: Path) -> None:
        self.faults: list[str] = []
        self.warnings: list[str] = []
        self._root = root
        self._environ = environ
        self._file_label = ""
        self._from_file = self._read_env_file()

    def find(self, setting: EnvironmentSetting) -> Given | None:
        """The setting's text, or None if it is not given, or given badly (a fault then)."""
        plain = self._look_up(setting.name)
        named = self._look_up(setting.file_name) if setting.is_secret else None
        if plain and named:
            self.faults.append(
                fault(
                    named.source, named.key, f"is given beside {setting.name}", "Keep one of them."
                )
            )
            return None
        alias = self._find_alias(setting, is_used=not (plain or named))
        return self._read_secret(named) if named else plain or alias

    def is_given(self, setting: EnvironmentSetting) -> bool:
        """Whether the setting is given at all, well or badly."""
        names = [setting.name]
        names += [setting.file_name] if setting.is_secret else []
        names += [setting.alias.name] if setting.alias else []
        return any(self._look_up(name) for name in names)

    @property
    def has_alias(self) -> bool:
        """Whether the settings of an earlier service are given, any of them."""
        return any(item.alias and self._look_up(item.alias.name) for item in ENVIRONMENT)

    def places(self) -> str:
        """Where a missing setting can be written."""
        return (
            f"the environment or in {self._file_label}" if self._file_label else "the environment"
        )

    def label(self, path: Path) -> str:
        """The path as people know it: within the project's folder if it lies there."""
        return str(path.relative_to(self._root)) if path.is_relative_to(self._root) else str(path)

    @property
    def file_label(self) -> str:
        """The settings file as people know it; empty if none is to be read."""
        return self._file_label

    def _find_alias(self, setting: EnvironmentSetting, *, is_used: bool) -> Given | None:
        alias = setting.alias
        found = self._look_up(alias.name) if alias else None
        if found is None or alias is None:
            return None
        advice = alias.advice if is_used else f"is not used beside {setting.name}. Remove it."
        self.warnings.append(f"{found.source}: {found.key}: {advice}")
        return replace(found, alias=alias) if is_used else None

    def _look_up(self, name: str) -> Given | None:
        if name in self._environ:
            text, source = self._environ[name], ENVIRONMENT_SOURCE
        else:
            text, source = self._from_file.get(name, ""), self._file_label
        return Given(source, name, text) if text.strip() else None

    def _read_secret(self, named: Given) -> Given | None:
        try:
            text = (self._root / named.text).read_text(encoding="utf-8")
        except (OSError, ValueError):
            self.faults.append(
                fault(
                    named.source,
                    named.key,
                    "names a file that cannot be read as text",
                    "Check that it exists and that the portal's user may read it.",
                )
            )
            return None
        return Given(named.source, named.key, text.removesuffix("\n"))

    def _read_env_file(self) -> dict[str, str]:
        name = self._environ.get(ENV_FILE, "configs/.env").strip()
        if not name:
            return {}
        path = self._root / name
        self._file_label = self.label(path)
        if ENV_FILE not in self._environ and not path.exists():
            return {}
        try:
            with path.open(encoding="utf-8-sig") as file:
                return self._accept(list(parse_stream(file)))
        except (OSError, ValueError):
            what = f"names {self._file_label}, which cannot be read as text"
            remedy = "Check that it exists and that the portal's user may read it."
            self.faults.append(fault(ENVIRONMENT_SOURCE, ENV_FILE, what, remedy))
        return {}

    def _accept(self, bindings: list[Binding]) -> dict[str, str]:
        values: dict[str, str] = {}
        for binding in bindings:
            found = self._what_is_wrong(binding, values)
            if found:
                place = binding.key or f"line {binding.original.line}"
                self.faults.append(fault(self._file_label, place, *found))
            elif binding.key:
                values[binding.key] = binding.value or ""
        return values

    def _what_is_wrong(self, binding: Binding, before: dict[str, str]) -> tuple[str, str] | None:
        if binding.error:
            return "cannot be understood", "Write NAME=value, with quotes around spaces."
        if binding.key is None:
            return None
        if binding.key in before:
            return f"stands again in line {binding.original.line}", "Keep one of them."
        if binding.key.startswith(_OWN_PREFIXES) and binding.key not in _OWN_NAMES:
            return "is not a setting of the portal", "Correct its spelling or remove it."
        return None
