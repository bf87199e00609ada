"""Programs leave the same audit log as people: who called, what was refused and why."""

import re

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import CAMPAIGNS, LARGER, NOWHERE_ID, REPORTING, group_path
from tests.support.audit_log import AuditLogReader
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

CHECKED = ("authn_login_success", "call", "")
"""What comes first in every request that changes something."""


@pytest.fixture
def audit_log(portal: PortalProcess) -> AuditLogReader:
    """What is written from here on."""
    return AuditLogReader(portal)


# ASVS 16.3.1
def test_a_password_check_that_is_remembered_is_told_once(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    # Nobody else in these tests is norah, so nobody has proven her a moment ago.
    norah = ApiClient(portal.url, sandbox.person("norah"))
    for _ in range(3):
        norah.get("/api/v1/groups?warehouse=analytics")
    assert audit_log.told == [("authn_login_success", "call", "")]
    line = audit_log.only
    assert line["source"]["door"] == "api"
    assert line["source"]["address"] == norah.session.headers["X-Forwarded-For"]
    assert line["source"]["session"] == ""


# ASVS 16.3.1, 6.3.8
def test_wrong_passwords_and_unknown_services(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    client = ApiClient(portal.url)
    client.session.auth = ("made-up-caller", "canary-guess")
    client.get(group_path(sandbox), 401)
    client.get(f"/api/v1/groups/{NOWHERE_ID}", 401)
    assert audit_log.told == [
        ("authn_login_fail", "call", "wrong_credentials"),
        ("authn_login_fail", "call", "unknown_service"),
    ]
    (name,) = {line["actor"]["user"] for line in audit_log.lines()}
    assert re.fullmatch("unknown name #[0-9a-f]{16}", name)
    assert "made-up-caller" not in str(audit_log.lines())
    assert "canary-guess" not in str(audit_log.lines())


# ASVS 16.3.2, 8.2.1, 8.2.2
def test_a_missing_permission_and_a_foreign_change(
    call: Call, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    change = call("alice").post(group_path(sandbox, part="changes"), LARGER, 201)
    bob = call("bob")
    bob.get(group_path(sandbox))
    audit_log.skip()
    bob.post(group_path(sandbox, part="changes"), LARGER, 403)
    bob.get(f"/api/v1/changes/{change.body['reference']}", 404)
    assert audit_log.told == [
        CHECKED,
        ("authz_fail", "access", "not_allowed"),
        ("authz_fail", "access", "not_found"),
    ]
    assert audit_log.lines()[1]["object"]["group"] == REPORTING


def test_a_foreign_group_is_a_name_that_its_warehouse_does_not_know(
    call: Call, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    call("alice").get(group_path(sandbox, CAMPAIGNS), 401)
    line = audit_log.only
    assert (line["kind"], line["error"]) == ("authn_login_fail", "wrong_credentials")
    assert (line["actor"]["warehouse"], line["actor"]["user"]) == ("marketing", "alice")


# ASVS 3.5.1
def test_a_call_for_another_sites_page(
    call: Call, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    path = group_path(sandbox, part="changes")
    call("alice").post(path, LARGER, 403, headers=headers)
    assert audit_log.told == [("malicious_csrf", "api.create_change", "")]


def test_a_command_that_does_not_exist(
    call: Call, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    alice = call("alice")
    alice.get(group_path(sandbox))
    audit_log.skip()
    alice.post(group_path(sandbox, part="state"), {"command": "canary", "canary": 1}, 422)
    assert audit_log.told == [CHECKED, ("input_validation_fail", "draft", "broken_rules")]
    assert audit_log.lines()[1]["details"] == {
        "problems": [":unknown_field", "command:command_unknown"]
    }


# ASVS 16.5.3
def test_what_cannot_be_written_down_is_not_sent(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess, audit_log: AuditLogReader
) -> None:
    alice = call("alice")
    alice.get(group_path(sandbox))
    audit_log.shut()
    try:
        answer = alice.post(group_path(sandbox, part="changes"), LARGER, 503)
    finally:
        audit_log.open()
    assert answer.code == "store_unavailable"
    assert sandbox.writes() == []
    assert portal.execute("SELECT * FROM changes") == []


def test_a_draft_that_is_not_sent_is_taken_out_again_and_the_audit_log_says_so(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess, audit_log: AuditLogReader
) -> None:
    alice = call("alice")
    alice.get(group_path(sandbox))
    audit_log.skip()
    stop = {"command": "stop", "confirm_name": "another"}
    alice.post(group_path(sandbox, part="state"), stop, 422)
    assert audit_log.told == [
        CHECKED,
        ("sensitive_create", "draft", ""),
        ("input_validation_fail", "confirm", "broken_rules"),
        ("sensitive_delete", "discard", ""),
    ]
    assert len({line["object"]["reference"] for line in audit_log.lines()[1:]}) == 1
    assert portal.execute("SELECT * FROM changes") == []
