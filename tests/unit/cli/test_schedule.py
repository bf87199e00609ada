"""`flask schedule …`: schedules written down as YAML and put in force from there."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from flask import Flask

from app.factory import create_app
from app.services.portal import Portal
from tests.support.sandbox import RunningSandbox
from tests.unit.cli.helpers import ROOT, make_settings

GROUP = "0c000000-0000-4000-8000-000000000012"
SIZE = "{min_memory_gb: 8, max_memory_gb: 16, num_replicas: 1}"
PLAN = f"""
schedules:
  {GROUP}:
    zone: Europe/Berlin
    base: {SIZE}
    windows:
      - {{name: Office hours, days: [mon], start: "08:00", end: 18:00, settings: {SIZE}}}
"""


STOPPING = PLAN.replace("    zone:", "    outside: stop\n    zone:")


@contextmanager
def made_app(folder: Path, sandbox: RunningSandbox, **settings: str) -> Iterator[Flask]:
    """A portal over the sandbox, in this process."""
    root = logging.getLogger()
    level = root.level
    made = create_app(make_settings(folder, CLICKHOUSE_API_URL=sandbox.url, **settings))
    portal: Portal = made.extensions["portal"]
    portal.lifecycle.start()
    yield made
    portal.lifecycle.engine.dispose()
    root.handlers = []
    root.setLevel(level)


@pytest.fixture
def app(tmp_path: Path, sandbox: RunningSandbox) -> Iterator[Flask]:
    """One with the sandbox's own groups."""
    with made_app(tmp_path, sandbox) as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of one schedule."""
    path = tmp_path / "schedules.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def run(app: Flask, *arguments: str, sandbox: RunningSandbox, user: str = "alice") -> Result:
    """Run `flask schedule apply …` as somebody, who types the password."""
    given = ["schedule", "apply", *arguments, "--user", user]
    password = sandbox.person(user).password
    return app.test_cli_runner().invoke(args=given, input=f"{password}\n")


def exported(app: Flask) -> str:
    """What `flask schedule export` prints."""
    result = app.test_cli_runner().invoke(args=["schedule", "export"])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_file_is_put_in_force_once_and_exported_as_the_same(
    app: Flask, file: Path, sandbox: RunningSandbox
) -> None:
    assert yaml.safe_load(exported(app)) == {"schedules": {}}
    result = run(app, str(file), "--reason", "payroll", sandbox=sandbox)
    assert result.exit_code == 0, result.output
    assert f"{GROUP}: version 1" in result.output
    text = exported(app)
    assert "end: '18:00'" in text
    file.write_text(text, encoding="utf-8")
    assert f"{GROUP}: as it is" in run(app, str(file), sandbox=sandbox).output


def test_a_dry_run_saves_nothing(app: Flask, file: Path, sandbox: RunningSandbox) -> None:
    result = run(app, str(file), "--dry-run", sandbox=sandbox)
    assert f"{GROUP}: can be saved" in result.output
    assert yaml.safe_load(exported(app)) == {"schedules": {}}


def test_of_a_file_with_one_wrong_schedule_none_is_saved(
    app: Flask, file: Path, sandbox: RunningSandbox
) -> None:
    other = GROUP.replace("12", "11")
    wrong = f"{PLAN}  {other}: {{zone: Mars, base: {SIZE}, windows: []}}\n"
    file.write_text(wrong, encoding="utf-8")
    result = run(app, str(file), sandbox=sandbox)
    assert result.exit_code == 1
    assert f"{other}: zone: Enter a time zone such as Europe/Berlin" in result.output
    assert yaml.safe_load(exported(app)) == {"schedules": {}}


def test_the_permission_of_the_user_counts(app: Flask, file: Path, sandbox: RunningSandbox) -> None:
    result = run(app, str(file), sandbox=sandbox, user="bob")
    assert result.exit_code == 1
    assert "this needs the permission “schedule”" in result.output


@pytest.mark.parametrize("text", ["", "[", "a: b", "schedules: 3", "schedules: {1: {}}", "\x00"])
def test_a_file_of_something_else_is_refused(
    app: Flask, file: Path, sandbox: RunningSandbox, text: str
) -> None:
    file.write_text(text, encoding="utf-8")
    result = run(app, str(file), sandbox=sandbox)
    assert result.exit_code == 1
    assert "The file is not YAML with the one key `schedules`" in result.output
    assert run(app, f"{file}.none", sandbox=sandbox).exit_code == 1


def test_one_that_stops_its_group_is_exported_as_it_was_put_in_force(
    app: Flask, file: Path, sandbox: RunningSandbox
) -> None:
    file.write_text(STOPPING, encoding="utf-8")
    assert run(app, str(file), sandbox=sandbox).exit_code == 0
    plan = yaml.safe_load(exported(app))["schedules"][GROUP]
    assert (plan["outside"], plan["start_minutes_before"]) == ("stop", 10)
    assert f"{GROUP}: as it is" in run(app, str(file), sandbox=sandbox).output


def test_the_right_to_stop_counts_for_one_that_stops_its_group(
    file: Path, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    config = yaml.safe_load((ROOT / "configs/sandbox_org_config.yaml").read_text(encoding="utf-8"))
    config["warehouses"][0]["access"][0]["permissions"] = ["operator", "schedule"]
    rules = tmp_path / "org_config.yaml"
    rules.write_text(yaml.safe_dump(config), encoding="utf-8")
    file.write_text(STOPPING, encoding="utf-8")
    with made_app(tmp_path, sandbox, PORTAL_CONFIG=str(rules)) as app:
        result = run(app, str(file), sandbox=sandbox)
        assert result.exit_code == 1
        assert "this needs the permission “start/stop”" in result.output
        assert yaml.safe_load(exported(app)) == {"schedules": {}}
