"""A canary: passwords and keys appear in no log, no database file, no page and no address."""

import pytest

from tests.conftest import StartPortal
from tests.pages.people import confirm, draft
from tests.support.browser import Browser
from tests.support.portal import SECRET_KEY, PortalProcess
from tests.support.sandbox import RunningSandbox

CANARY = "canary-p4ssw0rd-тайна"
TYPED_AS_NAME = "an-0ld-p4ssphrase-of-alice"
RIGHT = "alice-sandbox-1"


class ListeningBrowser(Browser):
    """Keeps every answer, headers included."""

    heard: str = ""

    def _send(self, method: str, path: str, **options: object):  # type: ignore[no-untyped-def] # noqa: ANN202 - as the parent
        response = super()._send(method, path, **options)
        self.heard += f"{response.url}\n{response.headers}\n{response.text}\n"
        return response


def try_to_sign_in(browser: Browser, user: str, password: str, status: int) -> None:
    browser.get("/sign-in")
    given = {"warehouse": "analytics", "user": user, "password": password}
    browser.submit("Sign in", given, status=status)


def everything_kept(portal: PortalProcess) -> bytes:
    """The log, the database and what lies beside it."""
    files = [path for path in portal.folder.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"portal.log", "portal.db", "portal.db-wal"} <= names
    return b"\n".join(path.read_bytes() for path in files)


@pytest.fixture
def heard(start_portal: StartPortal, sandbox: RunningSandbox) -> tuple[str, bytes]:
    """All that pages said and all that was kept, after sign-ins of every kind."""
    portal = start_portal()
    browser = ListeningBrowser(portal.url)
    try_to_sign_in(browser, "zoe", CANARY, 401)
    try_to_sign_in(browser, "zoe", "", 422)
    _type_a_password_as_a_name(browser)
    try_to_sign_in(browser, "zoe", f"{CANARY}\0", 400)
    try_to_sign_in(browser, "charlie", "charlie-sandbox-1", 403)
    for fault in ("reset", "not_json", "wrong_shape", "redirect"):
        sandbox.fault("clickhouse:", fault, times=2 if fault == "reset" else 1)
        browser.get("/sign-in")
        given = {"warehouse": "analytics", "user": "alice", "password": RIGHT}
        browser.submit("Sign in", given, status=503 if fault == "reset" else 502)
    # Without a token, in the address, twice, as a field of another form, of another kind.
    browser.post("/sign-in", {"user": "zoe", "password": CANARY}, status=403)
    browser.get(f"/nowhere?password={CANARY}", 404)
    browser.get("/sign-in?next=//evil.example", 200)
    token = browser.page.csrf_token
    fields = [("csrf_token", token), ("password", CANARY), ("password", CANARY)]
    browser.post("/sign-in", fields, status=400)
    browser.post("/sign-in", b'{"password": "%s"}' % CANARY.encode(), status=403)
    browser.sign_in(sandbox.person("alice"))
    draft(browser, sandbox)
    confirm(browser)
    browser.sign_out()
    browser.get("/readyz")
    portal.execute("ALTER TABLE sessions RENAME TO gone")
    try_to_sign_in(browser, "bob", "bob-sandbox-1", 503)
    return browser.heard.replace(f"/nowhere?password={CANARY}", ""), everything_kept(portal)


def _type_a_password_as_a_name(browser: ListeningBrowser) -> None:
    """In the wrong field: the form alone gives it back, to be corrected; nothing else keeps it."""
    before = browser.heard
    try_to_sign_in(browser, TYPED_AS_NAME, CANARY, 401)
    try_to_sign_in(browser, TYPED_AS_NAME, "", 422)
    assert browser.page.response.text.count(TYPED_AS_NAME) == 1
    assert browser.page.value("user") == TYPED_AS_NAME
    browser.fetch("GET", "/api/v1/groups", auth=(TYPED_AS_NAME, "wrong"))
    browser.heard = before
    browser.get("/sign-in")


def test_no_secret_is_shown_or_kept(heard: tuple[str, bytes], sandbox: RunningSandbox) -> None:
    # ASVS 13.3.1, 14.2.1, 16.2.5
    shown, kept = heard
    secrets = [CANARY, TYPED_AS_NAME, RIGHT, "charlie-sandbox-1", "bob-sandbox-1", SECRET_KEY]
    secrets += [sandbox.world["api_key_secret"], sandbox.world["api_key_id"]]
    for secret in secrets:
        assert secret not in shown
        assert secret.encode() not in kept
        assert ascii(secret)[1:-1].encode() not in kept  # as JSON writes it


def test_the_log_has_one_line_of_json_for_each_request(fresh_portal: PortalProcess) -> None:
    # ASVS 16.2.4, 16.4.1
    Browser(fresh_portal.url).get("/nowhere%0a%0d%1b[31m", 404)
    lines = fresh_portal.read_log().splitlines()
    assert all(line.startswith('{"time"') and line.endswith("}") for line in lines)
    assert "\x1b" not in "".join(lines)
