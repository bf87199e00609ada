"""The files that people copy, and the list of the sandbox's groups."""

from pathlib import Path

from app.settings import ENVIRONMENT
from app.settings.org_config import read_org_config
from tests.unit.settings.helpers import faults_of, make_root

CONFIGS = Path(__file__).parents[3] / "configs"


def test_an_unchanged_env_template_is_refused_line_by_line(tmp_path: Path) -> None:
    text = (CONFIGS / ".env_template").read_text(encoding="utf-8")
    root = make_root(tmp_path, env_file=text)
    given = [line.partition("=")[0] for line in text.splitlines() if "=<" in line]
    left_out: dict[str, str | None] = dict.fromkeys(given)
    assert faults_of(root, **left_out) == tuple(
        f"configs/.env: {name}: is still the template's placeholder. "
        "Put your own value in its place."
        for name in (item.name for item in ENVIRONMENT)
        if name in given
    )
    assert len(given) == 5


def test_the_env_template_shows_every_other_setting_with_its_default() -> None:
    lines = (CONFIGS / ".env_template").read_text(encoding="utf-8").splitlines()
    shown = dict(line[1:].split("=", 1) for line in lines if line.startswith("#PORTAL_"))
    defaults = {item.name: item.default for item in ENVIRONMENT if item.name in shown}
    assert shown == {**defaults, "PORTAL_DATABASE_URL": "sqlite:///instance/portal.db"}


def test_an_unchanged_list_of_groups_is_refused_for_its_placeholders_alone() -> None:
    _, faults = read_org_config(CONFIGS / "org_config.yaml_template")
    assert [(key, what) for key, what, _ in faults] == [
        ("portal.contact", "is still the template's placeholder"),
        ("warehouses[0].groups[0].service_id", "is still the template's placeholder"),
    ]


def test_a_missing_list_of_groups_says_what_to_copy(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "configs/org_config.yaml").unlink()
    (line,) = faults_of(root)
    assert line.startswith("configs/org_config.yaml: the file: is missing. ")
    assert line.endswith("Copy configs/org_config.yaml_template to it and fill it in.")


def test_a_list_of_groups_that_is_not_text_is_refused(tmp_path: Path) -> None:
    root = make_root(tmp_path)
    (root / "configs/org_config.yaml").write_bytes(b"\xff\xfe")
    assert faults_of(root)[0].startswith("configs/org_config.yaml: the file: cannot be read")


def test_the_sandboxs_list_of_groups_is_right() -> None:
    config, faults = read_org_config(CONFIGS / "sandbox_org_config.yaml")
    assert faults == []
    assert config is not None
    assert [warehouse.name for warehouse in config.catalog.warehouses] == ["Analytics", "Marketing"]
