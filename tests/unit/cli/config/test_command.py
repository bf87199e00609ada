"""`config init` and `config diff` over the sandbox, as a new operator uses them."""

import stat
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from app.cli.config import command
from app.cli.config.command import config
from app.domain.groups.group import Service
from app.sandbox.server import Sandbox
from app.settings import CloudSettings
from app.settings.org.config import parse_org_config
from tests.unit.cli.config.helpers import run
from tests.unit.cli.helpers import ROOT


def test_a_file_is_made_where_there_is_none(sandbox: Sandbox, tmp_path: Path) -> None:
    groups = tmp_path / "org_config.yaml"
    printed = run(sandbox, groups, "init", "--from-cloud")
    assert (printed.exit_code, groups.exists()) == (0, False)
    assert [item["name"] for item in yaml.safe_load(printed.stdout)["warehouses"]] == [
        "Analytics",
        "Marketing campaigns",
    ]
    written = run(sandbox, groups, "init", "--from-cloud", "--output", str(groups))
    assert "Written to" in written.stderr
    assert groups.read_text(encoding="utf-8") == printed.stdout
    assert [item.name for item in tmp_path.iterdir()] == ["org_config.yaml"]


def test_a_file_is_followed_by_a_diff_without_differences(sandbox: Sandbox, tmp_path: Path) -> None:
    groups = tmp_path / "org_config.yaml"
    run(sandbox, groups, "init", "--from-cloud", "--output", str(groups))
    text = groups.read_text(encoding="utf-8").replace("<the data platform team", "the team (")
    groups.write_text(text.replace("example.com)>", "example.com))"), encoding="utf-8")
    result = run(sandbox, groups, "diff")
    assert (result.exit_code, result.output) == (
        0,
        "The file names every service that the key sees.\n",
    )


def test_a_diff_ends_with_1_and_init_mends_it(sandbox: Sandbox, tmp_path: Path) -> None:
    groups = tmp_path / "org_config.yaml"
    content = yaml.safe_load((ROOT / "configs/sandbox_org_config.yaml").read_text(encoding="utf-8"))
    content["warehouses"][0]["groups"].pop()
    groups.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    result = run(sandbox, groups, "diff")
    assert result.exit_code == 1
    assert "missing: Analytics month end (" in result.output
    assert "it belongs to Analytics." in result.output
    mended = run(sandbox, groups, "init", "--from-cloud")
    found, faults = parse_org_config(mended.stdout)
    assert faults == []
    assert found is not None
    assert len(found.catalog.all_groups()) == 6


def test_init_alone_gives_the_template(sandbox: Sandbox, tmp_path: Path) -> None:
    result = run(sandbox, tmp_path / "org_config.yaml", "init")
    assert result.stdout == (ROOT / "configs/org_config.yaml_template").read_text(encoding="utf-8")


def test_what_cannot_be_read_ends_with_2_and_words(sandbox: Sandbox, tmp_path: Path) -> None:
    groups = tmp_path / "org_config.yaml"
    assert run(sandbox, groups, "diff").exit_code == 2
    groups.write_text("warehouses: 1", encoding="utf-8")
    result = run(sandbox, groups, "init", "--from-cloud")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "The file has faults; correct them first" in result.stderr


def test_the_settings_are_begun_with_secrets_that_only_their_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    made = CliRunner().invoke(config, ["env", "--output", str(file)])
    assert (made.exit_code, "Fill in what stands in <>" in made.stderr) == (0, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    given = dict(line.split("=", 1) for line in lines_of(file) if not line.startswith("#"))
    assert len({given["PORTAL_SECRET_KEY"], given["PORTAL_METRICS_TOKEN"]}) == 2
    assert sorted(name for name, text in given.items() if text.startswith("<")) == [
        "CLICKHOUSE_API_KEY",
        "CLICKHOUSE_API_SECRET",
        "CLICKHOUSE_ORGANIZATION_ID",
        "PORTAL_PUBLIC_URL",
    ]
    again = CliRunner().invoke(config, ["env", "--output", str(tmp_path / "other")])
    assert again.exit_code == 0
    assert lines_of(file) != lines_of(tmp_path / "other")


def lines_of(file: Path) -> list[str]:
    """Those that say something."""
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line]


def test_settings_that_stand_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORTAL_PORT=8001\n", encoding="utf-8")
    result = CliRunner().invoke(config, ["env", "--output", str(file)])
    assert (result.exit_code, result.stderr) == (2, f"{file} stands already, and stays as it is.\n")
    assert file.read_text(encoding="utf-8") == "PORTAL_PORT=8001\n"


def test_a_folder_that_does_not_stand_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(config, ["env", "--output", str(tmp_path / "none" / ".env")])
    assert (result.exit_code, "cannot be written" in result.stderr) == (2, True)


def test_a_copy_of_the_template_is_told_to_be_moved_away(sandbox: Sandbox, tmp_path: Path) -> None:
    groups = tmp_path / "org_config.yaml"
    groups.write_text((ROOT / "configs/org_config.yaml_template").read_text(encoding="utf-8"))
    result = run(sandbox, groups, "init", "--from-cloud", "--output", str(groups))
    assert (result.exit_code, "Move it away" in result.stderr) == (2, True)


def test_the_first_fault_is_told_with_what_to_do(sandbox: Sandbox, tmp_path: Path) -> None:
    groups = tmp_path / "org_config.yaml"
    run(sandbox, groups, "init", "--from-cloud", "--output", str(groups))
    result = run(sandbox, groups, "init", "--from-cloud", "--output", str(groups))
    assert result.exit_code == 2
    assert "portal.contact: is still the template's placeholder. Put your own" in result.stderr


def test_what_somebody_saves_while_cloud_is_asked_stays(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "org_config.yaml"
    text = (ROOT / "configs/sandbox_org_config.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    ask = command._list_services

    def ask_slowly(settings: CloudSettings) -> dict[str, Service]:
        path.write_text(f"{text}# deny mallory\n", encoding="utf-8")
        return ask(settings)

    monkeypatch.setattr(command, "_list_services", ask_slowly)
    run(sandbox, path, "init", "--from-cloud", "--output", str(path))
    assert "# deny mallory" in path.read_text(encoding="utf-8")


def test_a_file_of_groups_that_cannot_be_written_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    output = tmp_path / "none" / "org_config.yaml"
    result = run(sandbox, output, "init", "--from-cloud", "--output", str(output))
    assert result.exit_code == 2
    assert f"{output} cannot be written: No such file or directory." in result.stderr


def test_a_file_of_groups_that_is_no_text_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "org_config.yaml"
    path.write_bytes("portal: {title: Zürich}\n".encode("latin-1"))
    result = run(sandbox, path, "init", "--from-cloud")
    assert (result.exit_code, "Save it as UTF-8" in result.stderr) == (2, True)
