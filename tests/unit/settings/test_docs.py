"""The table of settings in the docs says what the code says."""

from pathlib import Path

from app.settings import ENVIRONMENT, EnvironmentSetting

DOCS = Path(__file__).parents[3] / "docs/operating.md"


def row(setting: EnvironmentSetting) -> str:
    """The setting's row in the table."""
    names = [setting.name, setting.file_name] if setting.is_secret else [setting.name]
    default = "none" if setting.default == "" else f"`{setting.default}`"
    shown = "must be given" if setting.default is None else default
    return f"| {', '.join(f'`{name}`' for name in names)} | {shown} | {setting.meaning} |"


def test_the_docs_have_every_setting_with_its_default_and_meaning_in_order() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    start = lines.index("| setting | default | meaning |")
    assert lines[start + 2 : start + 2 + len(ENVIRONMENT)] == [row(item) for item in ENVIRONMENT]
    assert lines[start + 2 + len(ENVIRONMENT)] == ""
