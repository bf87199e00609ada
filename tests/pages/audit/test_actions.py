"""Every step of a change is an event with what was, what was asked and what came of it."""

import re
from typing import Any

import pytest

from tests.conftest import SignIn
from tests.pages.people import (
    REPORTING,
    TO_CHANGE,
    TO_REVIEW,
    confirm,
    draft,
    group_path,
    reference_of,
)
from tests.support.audit_log import AuditLogReader
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

AD_HOC = "Analytics ad hoc"
STEPS = [
    ("sensitive_create", "draft", ""),
    ("sensitive_update", "confirm", ""),
    ("sensitive_update", "outcome", ""),
]


def test_a_change_of_size(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    audit_log.skip()
    reference = reference_of(draft(alice, sandbox, max_memory_gb="64", reason="Month end"))
    confirm(alice)
    assert audit_log.told == STEPS
    drawn, intent, outcome = audit_log.lines()
    for line in (drawn, intent, outcome):
        assert line["actor"]["user"] == "alice"
        assert line["object"] == {
            "service_id": sandbox.service_id(REPORTING),
            "group": REPORTING,
            "reference": reference,
        }
        details = line["details"]
        assert details["act"] == "scale"
        assert details["reason"] == "Month end"
        assert details["requested"] == {"maxReplicaMemoryGb": 64}
        assert details["before"]["max_memory_gb"] == 16
        assert details["target"]["max_memory_gb"] == 64
        assert details["diff"] == {"max_memory_gb": [16, 64]}
    assert [line["result"] for line in audit_log.lines()] == ["success", "defer", "success"]
    assert intent["details"]["password_asked"] is False
    after = outcome["details"]
    assert after["after"]["max_memory_gb"] == 64
    assert (after["state"], after["settled_by"]) == ("applied", "answer")
    assert after["cloud_request_id"]
    assert after["cloud_status"] == 200
    assert 0 <= after["cloud_milliseconds"] < 8000


def test_what_it_costs_where_a_price_is_set(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    audit_log.skip()
    draft(alice, sandbox, max_memory_gb="64")
    cost = audit_log.only["details"]["cost_per_hour"]
    assert cost["currency"]
    assert len(cost["before"]) == len(cost["after"]) == 2
    assert float(cost["after"][1]) == pytest.approx(float(cost["before"][1]) * 4, abs=0.05)


def test_a_stop_with_the_password(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox))
    audit_log.skip()
    alice.submit("Stop this group …", to=TO_REVIEW)
    stop = {"group_name": REPORTING, "password": "wrong"}
    alice.submit(f"Stop {REPORTING}", stop, status=401)
    alice.submit(f"Stop {REPORTING}", stop | {"password": "alice-sandbox-1"}, to=TO_CHANGE)
    assert [kind for kind, _, _ in audit_log.told] == [
        "sensitive_create",
        "authn_login_fail",
        "authn_login_successafterfail",
        "sensitive_update",
        "sensitive_update",
    ]
    lines = audit_log.lines()
    assert lines[1]["action"] == "reauthenticate"
    assert lines[3]["details"]["password_asked"] is True
    assert lines[4]["details"]["act"] == "stop"
    assert lines[4]["details"]["requested"] == {"command": "stop"}


def test_waking_at_one_press(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, AD_HOC))
    audit_log.skip()
    alice.submit("Wake this group", to=TO_CHANGE)
    assert audit_log.told == STEPS
    assert {line["details"]["act"] for line in audit_log.lines()} == {"wake"}


@pytest.mark.parametrize(
    ("fault", "state", "result"),
    [
        ({"kind": "status", "status": 400}, "rejected", "fail"),
        ({"kind": "reset"}, None, "unknown"),
    ],
)
def test_what_cloud_did_not_do(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    audit_log: AuditLogReader,
    fault: dict[str, Any],
    state: str | None,
    result: str,
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    audit_log.skip()
    sandbox.fault("PATCH", **fault)
    confirm(alice)
    outcome = audit_log.lines()[1]
    assert outcome["action"] == "outcome"
    assert outcome["result"] == result
    assert outcome["details"].get("state") == state


def test_an_outcome_found_by_reading_is_the_portals_own_action(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    reference = reference_of(draft(alice, sandbox))
    sandbox.fault("PATCH", "reset")
    confirm(alice)
    sandbox.clear_faults()
    audit_log.skip()
    portal.age("changes", "sent_at", 300)
    alice.get(f"/changes/{reference}")
    line = audit_log.only
    assert (line["action"], line["details"]["settled_by"]) == ("outcome", "reading")
    assert line["source"]["door"] == "portal"
    assert line["actor"]["user"] == ""
    assert line["object"]["reference"] == reference


def test_a_change_closed_by_hand(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    reference = reference_of(draft(alice, sandbox))
    sandbox.fault("PATCH", "reset")
    confirm(alice)
    sandbox.clear_faults()
    sandbox.force(REPORTING, maxReplicaMemoryGb=32)
    portal.age("changes", "sent_at", 300)
    audit_log.skip()
    alice.get(f"/changes/{reference}")
    alice.submit("Close this change", to=re.compile(f"/changes/{reference}"))
    line = audit_log.only
    assert (line["action"], line["result"]) == ("close_manually", "unknown")
    assert line["actor"]["user"] == "alice"
    assert line["details"]["after"]["max_memory_gb"] == 32


# ASVS 16.2.5
def test_nothing_secret_is_in_the_audit_log(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    browser = Browser(portal.url)
    alice = sandbox.person("alice")
    browser.sign_in(alice)
    draft(browser, sandbox)
    token = browser.page.csrf_token
    confirm(browser)
    cookie = next(iter(browser.session.cookies)).value
    browser.sign_out()
    text = str(audit_log.lines()) + portal.read_log()
    secrets = (alice.password, token, cookie, sandbox.world["api_key_secret"])
    assert [secret for secret in secrets if secret and secret in text] == []
