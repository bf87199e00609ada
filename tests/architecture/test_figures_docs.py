"""Every figure is documented with its labels, and rules and dashboard speak of figures that are."""

import json
import re
from functools import cache

import yaml
from prometheus_client import Metric

from app.metrics import Metrics
from tests.architecture.tree import ROOT

OPERATING = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(portal_\w+)` \|([^|]*)\| ([^|]+) \|", re.M)
ENDINGS = ("_bucket", "_count", "_sum")


@cache
def figures() -> dict[str, tuple[str, ...]]:
    """Every figure of the portal's own by the name that Prometheus knows, with its labels."""
    registry = Metrics("a:1", "1.2.3")._registry
    found = {}
    for collector in registry._collector_to_names:
        family: Metric
        for family in collector.collect():
            if family.name.startswith("portal_"):
                ending = "_total" if family.type == "counter" else ""
                of_collector = getattr(collector, "_labelnames", ())
                labels = getattr(family, "_labelnames", of_collector)
                found[family.name + ending] = tuple(labels)
    return found


def used_in(text: str) -> set[str]:
    """The figures that an expression asks for."""
    names = set(re.findall(r"\bportal_\w+", re.sub(r'"[^"]*"', "", text)))
    return {name.removesuffix(next(filter(name.endswith, ENDINGS), "")) for name in names}


def expressions() -> list[tuple[str, str]]:
    """Those of the alert rules and of the dashboard, with their titles."""
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text(encoding="utf-8"))
    board = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text(encoding="utf-8"))
    found = [(rule["alert"], rule["expr"]) for group in rules["groups"] for rule in group["rules"]]
    for panel in board["panels"]:
        asked = [target["expr"] for target in panel.get("targets", [])]
        found.append((panel["title"], " ".join(asked)))
    return found


def test_every_figure_is_documented_with_its_labels() -> None:
    documented = {
        name: tuple(re.findall(r"`(\w+)`", labels)) for name, labels, _ in ROW.findall(OPERATING)
    }
    assert len(figures()) > 25
    assert documented == figures()


def test_rules_and_dashboard_ask_for_figures_that_there_are() -> None:
    for title, expression in expressions():
        assert used_in(expression) <= figures().keys(), title


def test_every_figure_is_shown_somewhere_or_an_alert() -> None:
    asked = {name for _, expression in expressions() for name in used_in(expression)}
    told = {"portal_build_info", "portal_worker_lease_until_seconds"}
    told |= {"portal_job_last_run_seconds", "portal_job_next_run_seconds"}
    told |= {"portal_group_memory_gb", "portal_group_replicas"}
    assert figures().keys() - asked == told


def test_every_alert_is_documented_and_no_other() -> None:
    text = (ROOT / "deploy/prometheus/alerts.yaml").read_text(encoding="utf-8")
    alerts = set(re.findall(r"alert: (\w+)", text))
    assert set(re.findall(r"`(Portal[A-Z]\w+)`", OPERATING)) == alerts
