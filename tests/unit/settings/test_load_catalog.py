"""`load_catalog`: the catalog is reloaded while the portal runs."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import SettingsFault
from app.settings import load_catalog
from app.settings.org.files import MOST_BYTES
from tests.support.cloud_json import FEW, MANY
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


def faults_of(path: Path) -> tuple[str, ...]:
    """What is said of a file that cannot be used."""
    with pytest.raises(SettingsFault) as caught:
        load_catalog(path)
    return caught.value.faults


TAGS = ("bool", "float", "int", "timestamp", "null", "binary", "set", "omap", "pairs", "merge")


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("value", ["x", '""', "[]", "{a: b}", "2026-13-45"])
def test_a_tag_that_does_not_fit_is_a_fault(root: Path, tag: str, value: str) -> None:
    path = root / "configs/org_config.yaml"
    path.write_text(f"portal: {{title: !!{tag} {value}}}", encoding="utf-8")
    assert faults_of(path)


@pytest.mark.parametrize("value", ['!!bool "x"', '!!float ""', '!!timestamp "x"', '!!int "x"'])
def test_what_the_reader_stumbles_over_is_named(root: Path, value: str) -> None:
    path = root / "configs/org_config.yaml"
    path.write_text(f"portal: {{title: {value}}}", encoding="utf-8")
    (fault,) = faults_of(path)
    assert fault.startswith(f"{path}: the file: cannot be understood.")


def test_what_refers_to_itself_is_a_fault(root: Path) -> None:
    path = root / "configs/org_config.yaml"
    for text in ("&a [*a]", "&a {warehouses: [*a]}", "&a {services: *a}", "portal: &a {title: *a}"):
        path.write_text(text, encoding="utf-8")
        assert faults_of(path)


def test_a_pipe_a_device_or_an_endless_file_is_a_fault_and_nobody_waits_for_it(root: Path) -> None:
    path = root / "rules.yaml"
    os.mkfifo(path)
    assert faults_of(path)[0].startswith(f"{path}: the file: is no ordinary file.")
    for other in (Path("/dev/zero"), Path("/dev/full"), root):
        assert "is no ordinary file" in faults_of(other)[0]
    path.unlink()
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    assert "is larger than" in faults_of(path)[0]
    path.write_bytes(b"#" * MOST_BYTES)
    assert "is empty" in faults_of(path)[0]


MARKS = st.sampled_from(
    [
        "!!bool",
        "!!int",
        "!!float",
        "!!timestamp",
        "!!set",
        "&a",
        "*a",
        "<<",
        "?",
        ":",
        "-",
        "{",
        "}",
        "[",
        "]",
        "|",
        ">",
        "%",
        "@",
        "'",
        '"',
        "#",
        "2026-13-45",
        "0x",
        "1:60",
        "portal",
        "warehouses",
        "services",
        "groups",
        "access",
        "limits",
        "title",
        "key",
        "users",
    ]
)
BLANKS = st.sampled_from([" ", "\n", "\n  ", ": ", "\n- "])


TEXTS = st.lists(MARKS | BLANKS | st.text(max_size=5), max_size=30).map("".join) | st.text(
    max_size=100
)


def check_text(folder: Path, text: str) -> None:
    """There is a catalog, which nothing so short makes, or there are faults."""
    path = folder / "rules.yaml"
    path.write_bytes(text.encode(errors="surrogatepass"))
    assert faults_of(path)


@given(TEXTS)
@settings(FEW, max_examples=500)
def test_whatever_stands_in_the_file_there_is_a_catalog_or_a_fault(
    tmp_path: Path, text: str
) -> None:
    check_text(tmp_path, text)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@given(TEXTS)
@MANY
def test_whatever_stands_in_the_file_ten_thousand_times(tmp_path: Path, text: str) -> None:
    check_text(tmp_path, text)
