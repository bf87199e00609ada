"""Who came, who was turned away, and how sessions ended: each is an event."""

import re

from tests.conftest import SignIn
from tests.support.audit_log import AuditLogReader
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

REFUSED = ("authn_login_fail", "sign_in", "wrong_credentials")


def guess(browser: Browser, user: str = "bob") -> None:
    """Try a password that is wrong; whether it is looked at or not."""
    token = browser.get("/sign-in").csrf_token
    given = {"warehouse": "analytics", "user": user, "password": "canary-guess"}
    fields = given | {"csrf_token": token}
    headers = {"Origin": browser.url, "Sec-Fetch-Site": "same-origin"}
    response = browser.fetch("POST", "/sign-in", data=fields, headers=headers)
    assert response.status_code in {401, 429}


# ASVS 16.3.1, 16.2.1, 16.2.5
def test_a_sign_in_names_who_came_from_where_and_the_session_it_began(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    # What somebody has guessed before in bob's name is over with this.
    Browser(portal.url).sign_in(sandbox.person("bob"))
    audit_log.skip()
    browser = Browser(portal.url)
    browser.sign_in(sandbox.person("bob"))
    proven, begun = audit_log.lines()
    assert (proven["kind"], begun["kind"]) == ("authn_login_success", "session_created")
    assert (begun["actor"]["warehouse"], begun["actor"]["user"]) == ("analytics", "bob")
    assert begun["actor"]["roles"] == ["analytics_viewer"]
    source = begun["source"]
    assert source["address"] == browser.session.headers["X-Forwarded-For"]
    assert source["forwarded_for"] == source["address"]
    assert source["user_agent"].startswith("python-requests")
    assert len(source["request_id"]) == len(source["session"]) == 16
    assert source["door"] == "page"
    assert begun["app"]["version"]
    assert begun["time"].endswith("+00:00")
    ((token_hash,),) = portal.execute("SELECT token_hash FROM sessions ORDER BY id DESC LIMIT 1")
    assert token_hash.startswith(source["session"])
    audit_log.skip()
    browser.sign_out()
    assert audit_log.told == [("session_logout", "sign_out", "")]
    assert audit_log.only["source"]["session"] == source["session"]
    assert audit_log.only["actor"]["user"] == "bob"


# ASVS 16.3.1, 6.3.5
def test_failures_and_the_success_after_them(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    browser = Browser(portal.url)
    guess(browser)
    guess(browser)
    browser.sign_in(sandbox.person("bob"))
    kinds = [kind for kind, _, _ in audit_log.told]
    assert audit_log.told[:2] == [REFUSED, REFUSED]
    assert kinds[2:] == ["authn_login_successafterfail", "session_created"]
    assert audit_log.lines()[2]["details"] == {"earlier_failures": 2}


# ASVS 16.3.1
def test_one_who_is_held_back_and_one_who_has_no_group(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    browser = Browser(portal.url)
    for _ in range(7):  # by then the wait is longer than any machine is slow
        guess(browser, "made-up")
    told = audit_log.told
    assert told[:5] == [REFUSED] * 5
    assert told[-1] == ("authn_login_fail_max", "sign_in", "too_many_attempts")
    names = {line["actor"]["user"] for line in audit_log.lines()}
    assert re.fullmatch("unknown name #[0-9a-f]{16}", names.pop())
    assert names == set()
    audit_log.skip()
    norah = sandbox.person("norah")
    given = {"warehouse": norah.warehouse, "user": norah.name, "password": norah.password}
    browser.get("/sign-in")
    browser.submit("Sign in", given, status=403)
    assert audit_log.told == [
        ("authn_login_success", "sign_in", ""),
        ("authz_fail", "sign_in", "no_compute_groups"),
    ]


def test_a_session_used_after_its_end_is_noted_once(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    browser = Browser(portal.url)
    browser.sign_in(sandbox.person("bob"))
    copy = browser.clone()
    browser.sign_out()
    audit_log.skip()
    copy.is_signed_in = False
    for _ in range(2):
        copy.get("/groups", to="/sign-in?next=/groups")
    assert audit_log.told == [("session_use_after_expire", "access", "")]
    assert audit_log.only["actor"]["user"] == ""  # nobody: the record of that session is gone


def test_a_session_that_fell_idle_is_known_when_it_is_used(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    browser = Browser(portal.url)
    browser.sign_in(sandbox.person("bob"))
    portal.execute(
        "UPDATE sessions SET seen_at = '2026-01-01 00:00:00.000000' "
        "WHERE id = (SELECT max(id) FROM sessions)"
    )
    audit_log.skip()
    browser.is_signed_in = False
    browser.get("/groups", to="/sign-in?next=/groups")
    assert audit_log.told == [("session_use_after_expire", "access", "")]
    assert audit_log.only["actor"]["user"] == "bob"


def test_ending_ones_other_sessions_names_them(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    first, second = Browser(portal.url), Browser(portal.url)
    for browser in (first, second):
        browser.sign_in(sandbox.person("quinn"))
    begun = [line["source"]["session"] for line in audit_log.lines() if "created" in line["kind"]]
    audit_log.skip()
    second.get("/account")
    second.is_signed_in = False
    token = second.page.csrf_token
    fields = {"csrf_token": token}
    second.post("/account/sign-out-everywhere", fields, to="/sign-in?signed_out=1")
    assert audit_log.told == [("session_expired", "end_all_sessions", "")]
    assert set(begun) <= set(audit_log.only["details"]["ended"])


# ASVS 8.2.2
def test_somebody_elses_session_is_a_foreign_reference(
    sign_in: SignIn, portal: PortalProcess, audit_log: AuditLogReader
) -> None:
    sign_in("alice")
    ((foreign,),) = portal.execute("SELECT max(id) FROM sessions WHERE user = 'alice'")
    bob = sign_in("bob")
    bob.get("/account")
    audit_log.skip()
    fields = {"csrf_token": bob.page.csrf_token}
    bob.post(f"/account/sessions/{foreign}/end", fields, status=404)
    assert audit_log.told == [("malicious_direct_reference", "end_session", "not_found")]


def test_fresh_roles_renew_the_session(
    portal: PortalProcess, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    browser = Browser(portal.url)
    bob = sandbox.person("bob")
    browser.sign_in(bob)
    browser.get("/account")
    audit_log.skip()
    fields = {"csrf_token": browser.page.csrf_token, "password": bob.password}
    browser.post("/account/roles", fields, to="/account?refreshed=1")
    kinds = [kind for kind, _, _ in audit_log.told]
    assert kinds == ["authn_login_success", "session_renewed"]


# ASVS 16.4.1
def test_a_name_with_marks_that_end_lines_makes_one_line_that_parses(
    portal: PortalProcess, audit_log: AuditLogReader
) -> None:
    hostile = 'x\r\n{"kind":"sys_startup"}\x1b[2J\u202e\x7f'
    browser = Browser(portal.url)
    before = len(portal.read_log().splitlines())
    browser.get("/sign-in")
    given = {"warehouse": "analytics", "user": hostile, "password": "wrong"}
    browser.submit("Sign in", given, status=400)
    assert re.fullmatch("unknown name #[0-9a-f]{16}", audit_log.only["actor"]["user"])
    written = portal.read_log().splitlines()[before:]
    shipped = [line for line in written if "authn_login_fail" in line]
    assert len(shipped) == 1
    assert shipped[0].isprintable()
    assert not [line for line in written if line.startswith('{"kind"')]


def test_what_a_portal_without_proxies_is_told_of_the_way_is_not_kept(
    fresh_portal: PortalProcess,
) -> None:
    audit_log = AuditLogReader(fresh_portal)
    Browser(fresh_portal.url).sign_in(fresh_portal.sandbox.person("alice"))
    assert {line["source"]["forwarded_for"] for line in audit_log.lines()} == {""}
    assert {line["source"]["address"] for line in audit_log.lines()} == {"127.0.0.1"}


def test_of_a_long_way_the_end_is_kept_which_proxies_in_front_have_written(
    portal: PortalProcess, audit_log: AuditLogReader
) -> None:
    browser = Browser(portal.url)
    nearest = str(browser.session.headers["X-Forwarded-For"])
    browser.session.headers["X-Forwarded-For"] = "1.2.3.4, " * 60 + nearest
    guess(browser)
    kept = audit_log.only["source"]["forwarded_for"]
    assert kept.endswith(f"1.2.3.4, {nearest}")
    assert len(kept) == 256
