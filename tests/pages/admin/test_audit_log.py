"""The administrator sees the whole audit_log, and what the administrator does is in it."""

from tests.conftest import SignIn
from tests.pages.admin.administrator import NAME, AdminBrowser
from tests.support.audit_log import AuditLogReader
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def test_everything_is_shown_and_can_be_copied(admin: AdminBrowser, sign_in: SignIn) -> None:
    sign_in("alice")
    page = admin.get(admin.get("/admin").link("Audit log"))
    assert page.h1 == "Audit log"
    assert "Signed in" in page.main
    assert "alice from " in page.main
    assert admin.fetch("GET", "/admin/audit.jsonl").text.count("\n") > 2


# ASVS 8.4.2
def test_people_have_no_way_to_it(sign_in: SignIn) -> None:
    sign_in("alice").get("/admin/audit", to="/admin/sign-in")


# ASVS 16.3.1
def test_the_administrators_coming_and_failing(portal: PortalProcess) -> None:
    browser = AdminBrowser(portal.url)
    browser.get("/sign-in")  # by then the rules are followed
    audit_log = AuditLogReader(portal)
    browser.get("/admin/sign-in")
    browser.submit("Sign in", {"user": NAME, "password": "wrong"}, status=401)
    browser.sign_in_as_admin()
    assert audit_log.told == [
        ("authn_login_fail", "administrator_sign_in", "wrong_credentials"),
        ("authn_login_successafterfail", "administrator_sign_in", ""),
        ("session_created", "administrator_sign_in", ""),
    ]
    assert audit_log.lines()[-1]["actor"] == {
        "warehouse": "",
        "user": NAME,
        "method": "administrator",
        "roles": [],
    }


def test_the_freeze_and_those_whom_it_stops(
    admin: AdminBrowser, sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice, audit_log = sign_in("alice"), AuditLogReader(portal)
    admin.freeze("Quarterly close")
    group = sandbox.service_id("Analytics ad hoc")
    alice.get("/groups")
    alice.post(f"/groups/{group}/wake", {"csrf_token": alice.page.csrf_token}, status=503)
    admin.lift_freeze()
    assert audit_log.told == [
        ("sensitive_update", "freeze", ""),
        ("authz_fail", "access", "changes_closed"),
        ("sensitive_update", "lift_freeze", ""),
    ]
    assert audit_log.lines()[0]["details"] == {"reason": "Quarterly close"}
    assert audit_log.lines()[1]["actor"]["user"] == "alice"


def test_ending_the_sessions_of_others(
    admin: AdminBrowser, sign_in: SignIn, portal: PortalProcess
) -> None:
    sign_in("alice")
    audit_log = AuditLogReader(portal)
    admin.get("/admin/sessions")
    admin.submit("Sign out all sessions of alice", to="/admin/sessions")
    line = audit_log.only
    assert (line["kind"], line["action"]) == ("session_expired", "end_all_sessions")
    assert line["actor"]["user"] == NAME
    assert line["details"]["whose"] == {"warehouse": "analytics", "user": "alice"}
    assert len(line["details"]["ended"]) == 1


def test_rules_that_change_while_the_portal_runs(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    audit_log = AuditLogReader(portal)
    portal.configure(lambda config: config["warehouses"][0]["access"].pop())
    admin.get("/admin")
    portal.configure(lambda config: config.clear())
    admin.get("/admin")
    assert audit_log.told == [
        ("privilege_permissions_changed", "reload_policy", ""),
        ("privilege_permissions_changed", "reload_policy", "settings_fault"),
    ]
    first, second = audit_log.lines()
    assert first["details"]["file_sha256"] != second["details"]["file_sha256"]
    assert first["source"]["door"] == "portal"


def test_what_cannot_be_written_down_the_administrator_cannot_do(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    audit_log = AuditLogReader(portal)
    token = admin.page.csrf_token
    audit_log.shut()
    try:
        admin.post("/admin/freeze", {"csrf_token": token, "reason": "x"}, status=503)
        assert portal.execute("SELECT * FROM freezes") == []
        person = {"csrf_token": token, "warehouse": "", "user": NAME}
        admin.post("/admin/sessions/end-all-of-user", person, status=503)
    finally:
        audit_log.open()
