"""`check-settings`: what it reports about the key and the services, over the sandbox."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml
from click.testing import Result
from flask import Flask

from app.cli.commands import register_commands
from app.sandbox.server import Sandbox
from tests.support.ports import find_free_port
from tests.unit.cli.helpers import ROOT, make_settings, unlimited_sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox for all tests here; they only look."""
    with unlimited_sandbox() as running:
        yield running


def check(folder: Path, *options: str, **changed: str) -> Result:
    """Run the command with some settings changed."""
    app = Flask("check", root_path=str(ROOT))
    app.extensions["settings"] = make_settings(folder, **changed)
    register_commands(app)
    return app.test_cli_runner().invoke(args=["check-settings", *options])


def order(sandbox: Sandbox, path: str, **body: object) -> None:
    """Tell the sandbox to be odd."""
    url = f"{sandbox.url}/_sandbox/{path}"
    requests.post(url, json=body, timeout=5).raise_for_status()


def test_all_is_well(sandbox: Sandbox, tmp_path: Path) -> None:
    result = check(tmp_path, CLICKHOUSE_API_URL=sandbox.url)
    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.output.splitlines()] == [
        ["ok", "settings:"],
        ["ok", "key:"],
        ["warning", "key:"],  # the sandbox's never expires
        ["ok", "key:"],
        ["ok", "key:"],
        ["ok", "clock:"],
        ["ok", "services:"],
        ["ok", "warehouses:"],
        ["ok", "access:"],
        ["ok", "endpoints:"],
        ["ok", "endpoints:"],
        ["ok", "store:"],
    ]
    assert "shows it 6 services" in result.output


def test_it_leaves_nothing_behind(sandbox: Sandbox, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    result = check(folder, CLICKHOUSE_API_URL=sandbox.url)
    assert f"creates the folder and database {folder}/portal.db" in result.output
    assert list(tmp_path.iterdir()) == []


def test_it_only_reads_lists_and_pings_one_running_service_of_each_warehouse(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    before = len(sandbox.requests()["requests"])
    check(tmp_path, CLICKHOUSE_API_URL=sandbox.url)
    asked = [
        (item["method"], item["path"].rpartition("/")[2], item.get("user"))
        for item in sandbox.requests()["requests"][before:]
    ]
    assert sorted(asked) == [
        ("GET", "keys", None),
        ("GET", "ping", None),
        ("GET", "ping", None),
        ("GET", "services", None),
    ]


# ASVS 13.2.1
def test_json_says_the_same_for_programs(sandbox: Sandbox, tmp_path: Path) -> None:
    result = check(tmp_path, "--json", CLICKHOUSE_API_URL=sandbox.url)
    report = json.loads(result.output)
    assert result.exit_code == 0
    assert report["result"] == "warning"
    assert {"subject", "level", "words", "remedy"} == set(report["checks"][0])
    assert any("never expires" in item["words"] for item in report["checks"])


def test_a_warehouse_without_a_running_service_is_a_warning_and_nothing_is_woken(
    tmp_path: Path,
) -> None:
    with Sandbox.start(port=0) as sandbox:
        for number in (11, 12, 14):
            order(sandbox, f"services/0c000000-0000-4000-8000-0000000000{number}", state="idle")
        result = check(tmp_path, "--strict", CLICKHOUSE_API_URL=sandbox.url)
        states = {item["name"]: item["state"] for item in sandbox.world()["services"]}
    assert result.exit_code == 1
    assert "Analytics: not tried, since none of its services is running." in result.output
    assert states["Analytics primary"] == "idle"


def test_an_access_list_without_this_machine_is_a_fault(tmp_path: Path) -> None:
    with Sandbox.start(port=0) as sandbox:
        order(sandbox, "faults", match="clickhouse:Analytics", kind="reset")
        result = check(tmp_path, CLICKHOUSE_API_URL=sandbox.url)
    assert result.exit_code == 2
    lines = [item for item in result.output.splitlines() if item.startswith("FAULT")]
    assert "closes the connection without an answer" in lines[0]
    assert "Add the address of this machine to the IP access list of the service." in lines[0]


def test_a_service_the_key_cannot_see_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    text = (ROOT / "configs/sandbox_org_config.yaml").read_text(encoding="utf-8")
    hidden = "0c000000-0000-4000-8000-00000000ffff"
    config = tmp_path / "groups.yaml"
    config.write_text(text.replace("0c000000-0000-4000-8000-000000000014", hidden))
    result = check(tmp_path, CLICKHOUSE_API_URL=sandbox.url, PORTAL_CONFIG=str(config))
    assert result.exit_code == 2
    (line,) = [line for line in result.output.splitlines() if line.startswith("FAULT")]
    assert f"Analytics archive ({hidden}) is not visible to the key." in line


ARCHIVE = "0c000000-0000-4000-8000-000000000014"
NOT_VISIBLE = f"Analytics archive ({ARCHIVE}) is not visible to the key."


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"absent": ["state"]}, None),
        ({"set": {"state": None}}, None),
        ({"set": {"state": "hibernating", "numReplicas": "3", "endpoints": 7}}, None),
        ({"absent": ["id"]}, NOT_VISIBLE),
        ({"set": {"id": None}}, NOT_VISIBLE),
        ({"set": {"id": "no id at all"}}, NOT_VISIBLE),
        ({"instead": None}, NOT_VISIBLE),
        ({"instead": [{}]}, NOT_VISIBLE),
    ],
)
def test_one_odd_service_is_told_of_by_its_name_and_blames_nothing_else(
    tmp_path: Path, shown: dict[str, object], told: str | None
) -> None:
    with Sandbox.start(port=0) as sandbox:
        order(sandbox, f"services/{ARCHIVE}/shown", **shown)
        result = check(tmp_path, CLICKHOUSE_API_URL=sandbox.url)
    faults = [line for line in result.output.splitlines() if line.startswith("FAULT")]
    assert len(faults) == (1 if told else 0)
    assert all(told is not None and told in line for line in faults)
    assert result.exit_code == (2 if told else 0)
    assert "CLICKHOUSE_API_URL" not in result.output


@pytest.mark.parametrize(
    ("name", "text", "remedy"),
    [
        ("CLICKHOUSE_API_SECRET", "4b1dAnotherSecretThatIsNotTheRightOne", "CLICKHOUSE_API_KEY"),
        (
            "CLICKHOUSE_ORGANIZATION_ID",
            "0a000000-0000-4000-8000-00000000000f",
            "CLICKHOUSE_ORGANIZATION_ID",
        ),
    ],
)
def test_a_refused_key_says_what_to_read_at(
    sandbox: Sandbox, tmp_path: Path, name: str, text: str, remedy: str
) -> None:
    result = check(tmp_path, **{"CLICKHOUSE_API_URL": sandbox.url, name: text})
    assert result.exit_code == 2
    (line,) = [line for line in result.output.splitlines() if " key: " in line]
    assert line.startswith("FAULT")
    assert f"Check {remedy}" in line
    assert text not in result.output


def test_a_key_and_a_secret_in_each_others_place_are_told(sandbox: Sandbox, tmp_path: Path) -> None:
    key, secret = "SandboxKey0000000001", "4b1dSandboxSecretPublishedByDesign00000001"
    exchanged = {"CLICKHOUSE_API_KEY": secret, "CLICKHOUSE_API_SECRET": key}
    result = check(tmp_path, CLICKHOUSE_API_URL=sandbox.url, **exchanged)
    assert result.exit_code == 2
    assert "so they may stand in each other's place. Exchange them." in result.output
    assert [text for text in (key, secret) if text in result.output] == []


def test_a_key_of_another_organisation_says_which(sandbox: Sandbox, tmp_path: Path) -> None:
    misspelt = "0a000000-0000-4000-8000-000000000010"
    result = check(tmp_path, CLICKHOUSE_API_URL=sandbox.url, CLICKHOUSE_ORGANIZATION_ID=misspelt)
    assert (
        "The key works, and belongs to the organisation 0a000000-0000-4000-8000-000000000001. "
        "Check CLICKHOUSE_ORGANIZATION_ID." in result.output
    )


def test_a_service_under_the_wrong_warehouse_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    text = (ROOT / "configs/sandbox_org_config.yaml").read_text(encoding="utf-8")
    groups = yaml.safe_load(text)
    moved = groups["warehouses"].pop()["groups"]
    groups["warehouses"][0]["groups"] += moved
    config = tmp_path / "groups.yaml"
    config.write_text(yaml.safe_dump(groups), encoding="utf-8")
    result = check(tmp_path, CLICKHOUSE_API_URL=sandbox.url, PORTAL_CONFIG=str(config))
    assert result.exit_code == 2
    (line,) = [line for line in result.output.splitlines() if line.startswith("FAULT")]
    assert "Marketing campaigns (0c000000-0000-4000-8000-000000000021) stands under" in line
    assert "Analytics, but at ClickHouse Cloud it belongs to another warehouse" in line


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        app = Flask("serve", root_path=str(ROOT))
        app.extensions["settings"] = make_settings(tmp_path, PORTAL_PORT=port)
        register_commands(app)
        result = app.test_cli_runner().invoke(args=["serve"])
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert line.startswith(f"Port {port} is taken")


def test_a_cloud_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    result = check(tmp_path, CLICKHOUSE_API_URL=f"http://127.0.0.1:{find_free_port()}")
    assert result.exit_code == 2
    assert "Check CLICKHOUSE_API_URL" in result.output
    assert "ok       store:" in result.output
