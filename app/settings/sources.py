"""Where a setting's text is looked up: the environment, `configs/.env`, or a file with a secret."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from app.settings.environment.setting import ENV_FILE, Alias, EnvironmentSetting
from app.settings.environment.table import ENVIRONMENT

ENVIRONMENT_SOURCE = "environment"
_CHECK_ACCESS = "Check that it exists and that the portal's user may read it."
_OWN_PREFIXES = ("PORTAL_", "CLICKHOUSE_API_", "CLICKHOUSE_FAST_API_")
_OWN_NAMES = frozenset(
    {setting.name for setting in ENVIRONMENT}
    | {setting.file_name for setting in ENVIRONMENT if setting.is_secret}
    | {setting.alias.name for setting in ENVIRONMENT if setting.alias}
)


@dataclass(frozen=True)
class GivenText:
    """The text of a setting, with the source and the name it was found under."""

    source: str
    key: str
    text: str
    alias: Alias | None = None


def format_fault(source: str, key: str, what: str, remedy: str) -> str:
    """A fault as one line of text."""
    return f"{source}: {key}: {what}. {remedy}"


class Sources:
    """Looks settings up in the environment first, then in the settings file.

    Raises nothing: what cannot be read is appended to `faults`, and aliases in use and names of the
    environment that are almost a setting's to `warnings`.
    """

    def __init__(self, environ: Mapping[str, str], *, root: Path) -> None:
        self.faults: list[str] = []
        self.warnings: list[str] = []
        self._secret_files: list[Path] = []
        self._root = root
        self._environ = environ
        self._file_label = ""
        self._from_file = self._read_env_file()
        self.warnings += _list_misspelt(environ)

    def find(self, setting: EnvironmentSetting) -> GivenText | None:
        """The setting's text; None if it is not given, or if a fault was recorded instead."""
        plain = self._look_up(setting.name)
        named = self._look_up(setting.file_name) if setting.is_secret else None
        if plain and named:
            self.add_fault(
                named.source, named.key, f"is given beside {setting.name}", "Keep one of them."
            )
            return None
        alias = self._find_alias(setting, is_used=not (plain or named))
        return self._read_secret(named) if named else plain or alias

    def is_given(self, setting: EnvironmentSetting) -> bool:
        """Whether there is text for the setting under any of its names, readable or not."""
        names = [setting.name]
        names += [setting.file_name] if setting.is_secret else []
        names += [setting.alias.name] if setting.alias else []
        return any(self._look_up(name) for name in names)

    def add_fault(self, source: str, key: str, what: str, remedy: str) -> None:
        """Append one line to `faults`."""
        self.faults.append(format_fault(source, key, what, remedy))

    @property
    def has_alias(self) -> bool:
        """Whether any setting is given under its earlier name."""
        return any(item.alias and self._look_up(item.alias.name) for item in ENVIRONMENT)

    @property
    def places(self) -> str:
        """Where a missing setting can be given, as part of a sentence."""
        return (
            f"the environment or in {self._file_label}" if self._file_label else "the environment"
        )

    @property
    def file_label(self) -> str:
        """The settings file's path as `label` shows it; empty if none is read."""
        return self._file_label

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """Every file that a secret was read from, the settings file among them if it holds one."""
        holds_one = any(self._from_file.get(item.name) for item in ENVIRONMENT if item.is_secret)
        own = [self._root / self._file_label] if holds_one else []
        return (*own, *self._secret_files)

    def label(self, path: Path) -> str:
        """The path relative to the project's folder, or unchanged if it is outside."""
        return str(path.relative_to(self._root)) if path.is_relative_to(self._root) else str(path)

    def _find_alias(self, setting: EnvironmentSetting, *, is_used: bool) -> GivenText | None:
        alias = setting.alias
        found = self._look_up(alias.name) if alias else None
        if found is None or alias is None:
            return None
        advice = alias.advice if is_used else f"is not used beside {setting.name}. Remove it."
        self.warnings.append(f"{found.source}: {found.key}: {advice}")
        return replace(found, alias=alias) if is_used else None

    def _look_up(self, name: str) -> GivenText | None:
        if name in self._environ:
            text, source = self._environ[name], ENVIRONMENT_SOURCE
        else:
            text, source = self._from_file.get(name, ""), self._file_label
        return GivenText(source, name, text) if text.strip() else None

    def _read_secret(self, named: GivenText) -> GivenText | None:
        path = self._root / named.text
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            what = "names a file that cannot be read as text"
            self.add_fault(named.source, named.key, what, _CHECK_ACCESS)
            return None
        self._secret_files.append(path)
        return GivenText(named.source, named.key, text.removesuffix("\n"))

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
                return self._collect(list(parse_stream(file)))
        except (OSError, ValueError):
            what = f"names {self._file_label}, which cannot be read as text"
            self.add_fault(ENVIRONMENT_SOURCE, ENV_FILE, what, _CHECK_ACCESS)
        return {}

    def _collect(self, bindings: list[Binding]) -> dict[str, str]:
        values: dict[str, str] = {}
        for binding in bindings:
            problem = _find_problem(binding, values)
            if problem:
                key = binding.key or f"line {binding.original.line}"
                self.add_fault(self._file_label, key, *problem)
            elif binding.key:
                values[binding.key] = binding.value or ""
        return values


def _find_problem(binding: Binding, earlier: Mapping[str, str]) -> tuple[str, str] | None:
    if binding.error:
        return "cannot be understood", "Write NAME=value, with quotes around spaces."
    if binding.key is None:
        return None
    if binding.key in earlier:
        return f"stands again in line {binding.original.line}", "Keep one of them."
    if _is_unknown(binding.key):
        near = get_close_matches(binding.key, sorted(_OWN_NAMES), n=1, cutoff=0.8)
        remedy = f"Did you mean {near[0]}? Write that, or remove it." if near else ""
        return "is not a setting of the portal", remedy or "Correct its spelling or remove it."
    return None


def _list_misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    """Warnings and no faults: the environment holds names of other programs too."""
    for name in filter(_is_unknown, sorted(environ)):
        near = get_close_matches(name, sorted(_OWN_NAMES), n=1, cutoff=0.9)
        if near:
            remedy = f"Did you mean {near[0]}? Write that, or remove it."
            yield format_fault(ENVIRONMENT_SOURCE, name, "is not a setting of the portal", remedy)


def _is_unknown(name: str) -> bool:
    return name.startswith(_OWN_PREFIXES) and name not in _OWN_NAMES
