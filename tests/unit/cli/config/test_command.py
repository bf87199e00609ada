"""`config init` and `config diff` over the sandbox, as a new operator uses them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml
from click.testing import CliRunner, Result

from app.cli.config.command import config
from app.sandbox.server import Sandbox
from app.settings.org.config import parse_org_config
from tests.unit.cli.helpers import ROOT


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that may be asked as often as the tests like."""
    with Sandbox.start(port=0) as running:
        settings = f"{running.url}/_sandbox/settings"
        requests.post(settings, json={"rate_limit": None}, timeout=5).raise_for_status()
        yield running


def run(sandbox: Sandbox, groups: Path, *arguments: str) -> Result:
    """A command with the sandbox's key, and the file of groups in this place."""
    environ = {
        "CLICKHOUSE_API_URL": sandbox.url,
        "CLICKHOUSE_API_KEY": "SandboxKey0000000001",
        "CLICKHOUSE_API_SECRET": "4b1dSandboxSecretPublishedByDesign00000001",
        "CLICKHOUSE_ORGANIZATION_ID": "0a000000-0000-4000-8000-000000000001",
        "PORTAL_SECRET_KEY": "zP4-vR9_kL2wQ7xN1mT6yB3cH8gJ5fDs",
        "PORTAL_ENV_FILE": "",
        "PORTAL_CONFIG": str(groups),
    }
    return CliRunner().invoke(config, arguments, env=environ)


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
