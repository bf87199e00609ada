"""`load_catalog`: the catalog is reloaded while the portal runs."""

from pathlib import Path

import pytest

from app.errors import SettingsFault
from app.settings import load_catalog
from tests.unit.settings.helpers import load


def test_it_is_what_the_settings_have_and_they_say_where_it_is_from(root: Path) -> None:
    settings = load(root)
    assert settings.config_file == root / "configs/org_config.yaml"
    assert load_catalog(settings.config_file) == settings.catalog


def test_a_change_of_the_file_shows(root: Path) -> None:
    path = load(root).config_file
    path.write_text(path.read_text().replace("[scale]", "[viewer]"), encoding="utf-8")
    (group,) = load_catalog(path).all_groups()
    assert [permission.value for permission in group.rules[0].permissions] == ["view"]


def test_all_faults_come_at_once_with_the_file(root: Path) -> None:
    path = root / "configs/org_config.yaml"
    path.write_text(path.read_text().replace("[scale]", "[fly, glide]"), encoding="utf-8")
    with pytest.raises(SettingsFault) as caught:
        load_catalog(path)
    starts = [f"{path}: warehouses[0].groups[0].access[0].permissions[{at}]: is" for at in (0, 1)]
    assert [line.startswith(start) for line, start in zip(caught.value.faults, starts, strict=True)]
    assert "fly" not in caught.value.message


@pytest.mark.parametrize("name", ["nowhere.yaml", ""])
def test_a_file_that_is_gone_or_is_none_is_a_fault(root: Path, name: str) -> None:
    with pytest.raises(SettingsFault) as caught:
        load_catalog(root / name)
    assert len(caught.value.faults) == 1
