"""What cannot be written down does not happen; what is refused stays refused."""

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, draft, group_path
from tests.support.audit_log import AuditLogReader
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

WORDS = "The portal cannot read or write its own records at the moment."


# ASVS 16.5.3
def test_no_draft_without_its_event(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, shut_audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    shut_audit_log.shut()
    page = alice.submit("Review changes", {"max_memory_gb": "64"}, status=503)
    assert WORDS in page.main
    assert page.value("max_memory_gb") == "64"
    assert portal.execute("SELECT * FROM changes") == []


# ASVS 16.5.3
def test_no_call_without_its_event(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, shut_audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    shut_audit_log.shut()
    page = alice.submit(f"Scale {REPORTING}", status=503)
    assert WORDS in page.main
    assert sandbox.writes() == []
    assert portal.execute("SELECT state, sent_at FROM changes") == [("draft", None)]
    shut_audit_log.open()
    alice.submit(f"Scale {REPORTING}", to=page.path.replace("/confirm", ""))
    assert len(sandbox.patches()) == 1


def test_no_waking_and_no_closing_by_hand_either(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, shut_audit_log: AuditLogReader
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.fault("PATCH", "reset")
    alice.submit(f"Scale {REPORTING}", to=alice.page.path.replace("/review", ""))
    path, token = alice.page.path, alice.page.csrf_token
    sandbox.force(REPORTING, maxReplicaMemoryGb=32)
    portal.age("changes", "sent_at", 300)
    shut_audit_log.shut()
    alice.post(f"{path}/close", {"csrf_token": token}, status=503)
    assert portal.execute("SELECT settled_at FROM changes") == [(None,)]
    wake = group_path(sandbox, "Analytics ad hoc", "wake")
    alice.post(wake, {"csrf_token": token}, status=503)
    assert len(sandbox.writes()) == 1


def test_nobody_is_signed_in_or_out_without_an_event(
    portal: PortalProcess, sandbox: RunningSandbox, shut_audit_log: AuditLogReader
) -> None:
    browser, bob = Browser(portal.url), sandbox.person("bob")
    browser.sign_in(bob)
    count = portal.execute("SELECT count(*) FROM sessions")
    other = Browser(portal.url)
    other.get("/sign-in")
    shut_audit_log.shut()
    given = {"warehouse": "analytics", "user": "bob", "password": bob.password}
    other.submit("Sign in", given, status=503)
    fields = {"csrf_token": browser.page.csrf_token}
    browser.post("/account/sign-out-everywhere", fields, status=503)
    assert portal.execute("SELECT count(*) FROM sessions") == count
    browser.get("/groups")
    browser.is_signed_in = False
    browser.post("/sign-out", fields, to="/sign-in?signed_out=1&unnoted=1")  # the browser alone
    assert portal.execute("SELECT count(*) FROM sessions") == count


@pytest.mark.parametrize("is_shut", [False, True])
def test_a_refusal_is_the_same_whether_it_can_be_noted_or_not(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    portal: PortalProcess,
    shut_audit_log: AuditLogReader,
    is_shut: bool,
) -> None:
    bob, stranger = sign_in("bob"), Browser(portal.url)
    stranger.get("/sign-in")
    if is_shut:
        shut_audit_log.shut()
    bob.get(group_path(sandbox, part="scale"), 403)
    bob.get(group_path(sandbox, CAMPAIGNS), 404)
    given = {"warehouse": "analytics", "user": "bob", "password": "wrong"}
    stranger.submit("Sign in", given, status=401)
