"""Whoever is refused is written down, with what they asked for and why not."""

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, draft, group_path, reference_of
from tests.support.audit_log import AuditLogReader
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


# ASVS 16.3.2, 8.2.1
def test_a_missing_permission(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    bob = sign_in("bob")
    audit_log.skip()
    bob.get(group_path(sandbox, part="scale"), 403)
    assert audit_log.told == [("authz_fail", "access", "not_allowed")]
    line = audit_log.only
    assert line["actor"]["user"] == "bob"
    assert line["object"] == {
        "service_id": sandbox.service_id(REPORTING),
        "group": REPORTING,
        "reference": "",
    }
    assert line["details"] == {"permission": "scale"}
    assert line["result"] == "fail"


# ASVS 8.2.2, 16.3.2
@pytest.mark.parametrize("part", ["", "live", "scale", "audit", "audit.csv"])
def test_a_foreign_group(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader, part: str
) -> None:
    alice = sign_in("alice")
    audit_log.skip()
    alice.get(group_path(sandbox, CAMPAIGNS, part), 404)
    assert audit_log.told == [("malicious_direct_reference", "access", "not_found")]
    assert audit_log.only["object"]["service_id"] == sandbox.service_id(CAMPAIGNS)


def test_a_group_that_does_not_exist_and_a_change_that_does_not(
    sign_in: SignIn, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    audit_log.skip()
    alice.get("/groups/0c000000-0000-4000-8000-000000000099", 404)
    alice.get("/changes/ZZZZ-9999", 404)
    assert audit_log.told == [("authz_fail", "access", "not_found")] * 2


# ASVS 8.2.2
def test_somebody_elses_draft(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    reference, bob = reference_of(draft(sign_in("alice"), sandbox)), sign_in("bob")
    audit_log.skip()
    bob.get(f"/changes/{reference}/review", 404)
    assert audit_log.told == [("malicious_direct_reference", "access", "not_found")]
    assert audit_log.only["object"]["reference"] == reference


# ASVS 3.5.1, 16.3.3
@pytest.mark.parametrize("is_foreign", [True, False])
def test_a_form_from_elsewhere(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader, is_foreign: bool
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    path = alice.page.path.replace("/review", "/confirm")
    fields = {"csrf_token": alice.page.csrf_token if is_foreign else "canary-token"}
    headers = {"Sec-Fetch-Site": "cross-site"} if is_foreign else {}
    audit_log.skip()
    alice.post(path, fields, status=403, headers=headers)
    assert audit_log.told == [("malicious_csrf", "changes.confirm", "")]
    assert audit_log.only["source"]["session"]


# ASVS 16.3.3, 16.2.5
def test_broken_rules_by_their_codes(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    audit_log.skip()
    given = {"min_memory_gb": "9", "max_memory_gb": "99999", "num_replicas": "canary-typed"}
    alice.submit("Review changes", given, status=422)
    assert audit_log.told == [("input_validation_fail", "draft", "broken_rules")]
    line = audit_log.only
    assert line["details"] == {
        "problems": [
            "max_memory_gb:memory_out_of_range",
            "min_memory_gb:memory_not_multiple",
            "num_replicas:not_a_whole_number",
        ]
    }
    assert line["object"]["group"] == REPORTING


def test_a_bound_of_the_group_with_what_was_asked(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    audit_log.skip()
    alice.submit("Review changes", {"num_replicas": "19"}, status=422)
    (line,) = audit_log.lines()
    assert line["kind"] == "input_validation_fail"
    assert line["details"]["requested"]["num_replicas"] == 19


# ASVS 2.3.1
def test_a_draft_that_is_too_old(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    portal.age("changes", "created_at", 15 * 60 + 1)
    audit_log.skip()
    alice.submit(f"Scale {REPORTING}", status=409)
    assert audit_log.told == [("sequence_fail", "confirm", "draft_unusable")]


def test_what_another_has_changed_meanwhile(
    sign_in: SignIn, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.force(REPORTING, maxReplicaMemoryGb=32)
    audit_log.skip()
    alice.submit(f"Scale {REPORTING}", status=409)
    assert audit_log.told == [
        ("sensitive_update", "confirm", ""),
        ("sensitive_update", "not_sent", "configuration_changed"),
        ("sequence_fail", "confirm", "configuration_changed"),
    ]
    assert sandbox.patches() == []
