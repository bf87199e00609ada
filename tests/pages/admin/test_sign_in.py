"""Only the administrator gets into the administrator's area, and nowhere else."""

import re

import pytest

from app.services.sign_in.throttling.waits import ADDRESS_FAILURES
from tests.conftest import SignIn, StartPortal
from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.support.browser import Browser
from tests.support.portal import PortalProcess, administrator_settings
from tests.support.sandbox import RunningSandbox

WRITES = (
    "/admin/freeze",
    "/admin/lift-freeze",
    "/admin/sessions/1/end",
    "/admin/sessions/end-all-of-user",
    "/admin/sign-out",
)


def test_the_administrator_signs_in_and_out(portal: PortalProcess) -> None:
    browser = AdminBrowser(portal.url)
    page = browser.sign_in_as_admin()
    assert page.h1 == "Administration"
    assert NAME in page.text(".masthead")
    assert browser.submit("Sign out", to="/admin/sign-in?signed_out=1").main.startswith(
        "You are signed out."
    )
    assert portal.execute("SELECT count(*) FROM sessions") == [(0,)]
    browser.get("/admin", to="/admin/sign-in")


# ASVS 6.3.8
@pytest.mark.parametrize(
    ("name", "password"),
    [(NAME, "wrong"), ("alice", PASSWORD), ("alice", "alice-sandbox-1"), (NAME, NAME)],
)
def test_a_wrong_name_or_password_is_refused_in_the_same_words(
    browser: Browser, name: str, password: str
) -> None:
    browser.get("/admin/sign-in")
    page = browser.submit("Sign in", {"user": name, "password": password}, status=401)
    assert "The name or the password is wrong." in page.main
    browser.get("/admin", to="/admin/sign-in")


def test_what_is_missing_stands_beside_its_field(browser: Browser) -> None:
    browser.get("/admin/sign-in")
    page = browser.submit("Sign in", status=422)
    assert page.problem("user") == "Enter the administrator's name"
    assert page.problem("password") == "Enter your password"


# ASVS 6.3.1
def test_guessing_is_slowed_down(browser: Browser) -> None:
    token = browser.get("/admin/sign-in").csrf_token
    guess = {"user": "guessed", "password": "x", "csrf_token": token}
    own = {"Origin": browser.url}
    # The wait doubles, so that even a slow machine guesses into it before the tenth time.
    answers = (browser.fetch("POST", "/admin/sign-in", data=guess, headers=own) for _ in range(10))
    (refused,) = [item for item in answers if item.status_code == 429][:1]
    assert "There were too many attempts to sign in." in refused.text
    assert int(refused.headers["Retry-After"]) >= 1


def test_what_people_fail_at_does_not_keep_the_administrator_out(
    portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    admin = AdminBrowser(portal.url)
    admin.get("/sign-in")
    for number in range(ADDRESS_FAILURES):
        guess = {"warehouse": "analytics", "user": f"made-up-{number}", "password": "wrong"}
        admin.submit("Sign in", guess, status=401)
    admin.submit("Sign in", guess, status=429)
    admin.sign_in_as_admin()


# ASVS 8.4.2
@pytest.mark.parametrize("name", ["alice", "bob"])
def test_people_are_shown_nothing_of_the_area(sign_in: SignIn, name: str) -> None:
    browser = sign_in(name)
    page = browser.get("/admin", to="/admin/sign-in")
    assert page.h1 == "Sign in as administrator"
    for path in WRITES:
        browser.post(path, {"csrf_token": page.csrf_token}, to="/admin/sign-in?ended=1")
    browser.get("/groups")


def test_strangers_are_shown_nothing_of_the_area(browser: Browser) -> None:
    page = browser.get("/admin", to="/admin/sign-in")
    for path in WRITES:
        browser.post(path, {"csrf_token": page.csrf_token}, to="/admin/sign-in?ended=1")


def test_the_administrator_is_turned_away_from_peoples_pages(
    admin: AdminBrowser, sandbox: RunningSandbox
) -> None:
    group = f"/groups/{sandbox.service_id('Analytics primary')}"
    token = admin.page.csrf_token
    before = len(sandbox.writes())
    for path in ("/groups", group, f"{group}/scale", "/account"):
        assert admin.get(path, to=re.compile(r"/sign-in\?next=.*")).h1 == "Sign in"
    for path in (f"{group}/scale", f"{group}/wake", f"{group}/stop", "/account/roles"):
        admin.post(path, {"csrf_token": token}, to=re.compile(r"/sign-in\?ended=1.*"))
    admin.get(f"{group}/live", 401)
    assert len(sandbox.writes()) == before
    assert admin.get("/admin").h1 == "Administration"


def test_signing_in_as_administrator_ends_ones_session_as_a_person(
    portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    browser = AdminBrowser(portal.url)
    browser.sign_in(sandbox.person("alice"))
    page = browser.get("/admin/sign-in")
    assert "You are signed in as alice. Signing in here ends that session." in page.main
    browser.is_signed_in = False
    browser.submit("Sign in", {"user": NAME, "password": PASSWORD}, to="/admin")
    assert portal.execute("SELECT user, is_admin FROM sessions") == [(NAME, 1)]


def test_every_form_needs_its_token(admin: AdminBrowser, portal: PortalProcess) -> None:
    for path in WRITES:
        admin.post(path, {"reason": "x"}, status=403)
    assert portal.execute("SELECT count(*) FROM freezes") == [(0,)]


def test_without_an_administrator_there_is_no_such_page(fresh_portal: PortalProcess) -> None:
    browser = Browser(fresh_portal.url)
    token = browser.get("/sign-in").csrf_token
    given = {"csrf_token": token, "user": NAME, "password": PASSWORD}
    browser.get("/admin/sign-in", 404)
    browser.post("/admin/sign-in", given, status=404)


# ASVS 6.1.1
def test_the_administrators_own_address_stays_known_when_the_portal_starts_anew(
    start_portal: StartPortal,
) -> None:
    settings = administrator_settings(NAME, PASSWORD)
    portal = start_portal(PORTAL_TRUSTED_PROXIES="1", **settings)
    own = AdminBrowser(portal.url)
    own.sign_in_as_admin()
    portal.restart()
    for _ in range(2):
        stranger = Browser(portal.url)
        stranger.get("/admin/sign-in")
        for _ in range(5):
            stranger.submit("Sign in", {"user": NAME, "password": "wrong"}, status=401)
    newcomer = Browser(portal.url)
    newcomer.get("/admin/sign-in")
    newcomer.submit("Sign in", {"user": NAME, "password": PASSWORD}, status=429)
    own.session.cookies.clear()
    own.sign_in_as_admin()
