"""The freeze switch: all changes off at once, looking goes on, everybody sees why."""

from tests.conftest import SignIn
from tests.pages.admin.administrator import NAME, AdminBrowser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

REASON = "Quarterly close until Monday <noon>"


def test_everybody_sees_why_and_nothing_reaches_cloud(
    admin: AdminBrowser, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    assert alice.get("/groups").text(".freeze") == ""
    page = admin.freeze(f"  {REASON}\n")
    assert "All changes are frozen." in page.main
    assert f"Frozen by {NAME}" in page.main
    assert REASON in page.main
    for path in ("/groups", "/account"):
        banner = alice.get(path).text(".freeze")
        assert banner == (
            f"Changes are frozen by {NAME}. Reason: {REASON} You can still view your groups."
        )
    group = sandbox.service_id("Analytics ad hoc")
    alice.post(f"/groups/{group}/wake", {"csrf_token": alice.page.csrf_token}, status=503)
    assert sandbox.writes() == []


def test_nobody_wakes_a_group_to_sign_in_meanwhile(
    admin: AdminBrowser, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    for item in sandbox.world["services"]:
        sandbox.force(item["name"], state="idle")
    browser = AdminBrowser(portal.url)
    browser.get("/sign-in")
    alice = sandbox.person("alice")
    given = {"warehouse": "analytics", "user": alice.name, "password": alice.password}
    asked = browser.submit("Sign in", given, status=409)
    admin.freeze(REASON)
    wake = sandbox.service_id("Analytics primary")
    for agreed in ("", wake):
        form = {**given, "wake": agreed, "csrf_token": asked.csrf_token}
        page = browser.post("/sign-in", form, status=503)
        assert "Changes are frozen at the moment, so none can be woken" in page.main
        assert "Quarterly" not in page.response.text
        assert not page.has("Wake Analytics primary and sign in")
    assert sandbox.requests("clickhouse") == []
    admin.lift_freeze()
    browser.submit("Sign in", given, status=409)


def test_strangers_do_not_read_the_reason(admin: AdminBrowser, portal: PortalProcess) -> None:
    admin.freeze(REASON)
    stranger = AdminBrowser(portal.url)
    assert "Quarterly" not in stranger.get("/sign-in").response.text


def test_lifting_it_ends_the_banner_and_is_recorded(
    admin: AdminBrowser, sign_in: SignIn, portal: PortalProcess
) -> None:
    admin.freeze(REASON)
    admin.lift_freeze()
    assert sign_in("alice").get("/groups").text(".freeze") == ""
    recorded = portal.execute("SELECT frozen_by, lifted_by, reason FROM freezes")
    assert recorded == [(NAME, NAME, REASON)]


def test_a_reason_is_needed(admin: AdminBrowser, portal: PortalProcess) -> None:
    admin.get("/admin/freeze")
    page = admin.submit("Freeze changes", {"reason": "  "}, status=422)
    assert page.problem("reason") == "Enter a reason; everybody whom it concerns reads it"
    page = admin.submit("Freeze changes", {"reason": "x" * 501}, status=422)
    assert page.problem("reason") == "Shorten the reason to 500 characters"
    assert portal.execute("SELECT count(*) FROM freezes") == [(0,)]


def test_freezing_twice_keeps_the_first_reason_and_says_whose_it_is(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    token = admin.page.csrf_token
    first, second = ({"csrf_token": token, "reason": reason} for reason in ("first", "second"))
    admin.post("/admin/freeze", first, to="/admin/freeze")
    page = admin.post("/admin/freeze", second, status=409)
    assert f"{NAME} has switched all changes off already." in page.main
    assert "The reason that everybody reads is: first" in page.main
    assert portal.execute("SELECT reason FROM freezes") == [("first",)]


def test_one_group_is_frozen_and_lifted_by_itself(
    admin: AdminBrowser, sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    group = sandbox.service_id("Analytics ad hoc")
    alice = sign_in("alice")
    admin.get("/admin/freeze")
    fields = {"where": f"group:{group}", "reason": "Load test"}
    page = admin.submit("Freeze changes", fields, to="/admin/freeze")
    assert "Analytics: Analytics ad hoc" in page.text("main table")
    words = "Changes of “Analytics ad hoc” are frozen by root. Reason: Load test"
    assert alice.get(f"/groups/{group}").text(".freeze").startswith(words)
    assert alice.get("/groups").text(".freeze") == ""
    alice.post(f"/groups/{group}/wake", {"csrf_token": alice.page.csrf_token}, status=503)
    assert sandbox.writes() == []
    admin.submit("Lift the freeze of Analytics: Analytics ad hoc", to="/admin/freeze")
    assert alice.get(f"/groups/{group}").text(".freeze") == ""


def test_a_warehouse_that_does_not_exist_cannot_be_frozen(admin: AdminBrowser) -> None:
    fields = {"csrf_token": admin.page.csrf_token, "where": "warehouse:x", "reason": "why"}
    page = admin.post("/admin/freeze", fields, status=422)
    assert page.problem("where") == "Choose everything, a warehouse or a group"


def test_a_freeze_of_a_foreign_group_is_told_to_nobody_else(
    admin: AdminBrowser, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    foreign = sandbox.service_id("Marketing campaigns")
    fields = {"where": f"group:{foreign}", "reason": "Campaign days"}
    admin.get("/admin/freeze")
    admin.submit("Freeze changes", fields, to="/admin/freeze")
    page = sign_in("alice").get(f"/groups/{foreign}", status=404)
    assert page.text(".freeze") == ""
    assert "Campaign days" not in page.response.text
