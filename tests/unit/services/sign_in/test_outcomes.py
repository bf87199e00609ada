"""Every outcome of a sign-in has a figure before it comes for the first time."""

import ast
from pathlib import Path

from app.metrics import Metrics
from app.services.sign_in.outcomes import OUTCOMES, begin_counts
from tests.architecture.tree import ROOT

SIGN_IN = ROOT / "app/services/sign_in"


def reasons_in(path: Path) -> set[str]:
    """The reasons with which a password could not be sent anywhere."""
    return {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "unchecked"
        if node.args and isinstance(node.args[0], ast.Constant)
    }


def test_every_outcome_begins_at_0() -> None:
    metrics = Metrics()
    begin_counts(metrics)
    text = metrics.render().decode()
    assert 'portal_sign_ins_total{door="clickhouse",outcome="ok"} 0.0' in text
    assert 'portal_sign_ins_total{door="administrator",outcome="too_many_attempts"} 0.0' in text
    count = sum(map(len, OUTCOMES.values()))
    assert text.count("portal_sign_ins_total{") == count


def test_every_reason_that_is_given_somewhere_is_among_them() -> None:
    given = {reason for path in SIGN_IN.rglob("*.py") for reason in reasons_in(path)}
    assert {"nothing_running", "unusable_endpoint"} <= given
    assert given <= OUTCOMES["clickhouse"]
