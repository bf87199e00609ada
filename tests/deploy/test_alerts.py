"""Alert rules and dashboard: judged by promtool, and about figures that there are."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.conftest import DEPLOY
from tests.support.requirements import require_program

ALERTS = DEPLOY / "prometheus/alerts.yaml"


@pytest.fixture(scope="module")
def promtool() -> str:
    """The program."""
    return require_program("promtool", install="apt-get install prometheus")


@pytest.fixture(scope="module")
def dashboard() -> dict[str, Any]:
    """Grafana's own form."""
    text = (DEPLOY / "grafana/dashboard.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def expressions(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ALERTS.parent, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rules_are_what_prometheus_takes(promtool: str) -> None:
    rules = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert f"{len(rules)} rules found" in run(promtool, "check", "rules", str(ALERTS))


def test_the_rules_raise_what_they_must_and_nothing_else(promtool: str) -> None:
    run(promtool, "test", "rules", "alerts_test.yaml")


def test_every_expression_of_the_dashboard_is_one(
    promtool: str, dashboard: dict[str, Any], tmp_path: Path
) -> None:
    found = expressions(dashboard)
    assert len(found) > 15
    rules = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(found)]
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    run(promtool, "check", "rules", str(path))


def test_panels_do_not_lie_over_one_another(dashboard: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        columns = range(place["x"], place["x"] + place["w"])
        cells = {(x, y) for x in columns for y in range(place["y"], place["y"] + place["h"])}
        assert max(columns) < 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_every_alert_says_what_to_do() -> None:
    for rule in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"][0]["rules"]:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert re.fullmatch(r"Portal[A-Za-z]+", rule["alert"])
        assert len(rule["annotations"]["description"]) > 20
