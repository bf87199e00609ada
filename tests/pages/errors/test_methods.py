"""Each address has its methods and no others; looking never changes anything."""

import pytest

from app.store.schema import changes
from tests.conftest import SignIn
from tests.pages.people import confirm, draft, group_path, reference_of
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

GET = {"GET", "HEAD", "OPTIONS"}
COLUMNS = ", ".join(f'"{item.name}"' for item in changes.columns if item.name != "effective_at")
CHANGES = f"SELECT {COLUMNS} FROM changes ORDER BY id"  # noqa: S608 - our own names
"""Without the moment of the effect alone, which is noted when a page first sees it."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
ADMITTED = {
    "/": GET,
    "/sign-in": {*GET, "POST"},
    "/sign-out": {"POST", "OPTIONS"},
    "/groups": GET,
    "/groups/live": GET,
    "{group}": GET,
    "{group}/live": GET,
    "{group}/scale": {*GET, "POST"},
    "/changes/{reference}": GET,
    "/changes/{reference}/live": GET,
    "/changes/{reference}/review": GET,
    "/changes/{reference}/confirm": {"POST", "OPTIONS"},
    "/changes/{reference}/close": {"POST", "OPTIONS"},
    "/healthz": GET,
    "/readyz": GET,
    "{sheet}": GET,
}


@pytest.mark.parametrize("path", ADMITTED)
def test_methods_that_an_address_does_not_have_are_refused(
    sign_in: SignIn, sandbox: RunningSandbox, path: str
) -> None:
    # ASVS 4.1.4, 13.4.4
    browser = sign_in("alice")
    page = browser.get("/groups")
    token, sheet = page.csrf_token, page.asset("portal.css")
    address = path.format(group=group_path(sandbox), reference="AAAA-AAAA", sheet=sheet)
    for method in METHODS:
        if method in ADMITTED[path]:
            continue
        data = {"csrf_token": token}
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = browser.fetch(method, address, data=data, headers=headers)
        assert answer.status_code == 405, (method, answer.status_code)
        assert set(answer.headers["Allow"].split(", ")) == ADMITTED[path]
        if method != "TRACE":
            assert "This address does not do that" in answer.text
    assert sandbox.writes() == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_any_address_changes_nothing(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, method: str
) -> None:
    # ASVS 3.5.3
    browser = sign_in("alice")
    draft(browser, sandbox, max_memory_gb="32")
    confirm(browser)
    reference = reference_of(draft(browser, sandbox))
    sheet = browser.page.asset("portal.css")
    before = portal.execute(CHANGES), len(sandbox.writes())
    for path in ADMITTED:
        address = path.format(group=group_path(sandbox), reference=reference, sheet=sheet)
        assert browser.fetch(method, address).status_code in {200, 303, 404, 405}
    assert (portal.execute(CHANGES), len(sandbox.writes())) == before
    assert browser.get("/groups").h1 == "Your compute groups"


def test_a_visit_does_not_sign_anybody_in(browser: Browser) -> None:
    # ASVS 7.6.2, 14.2.1: not even with a right password in the address.
    browser.get("/sign-in?warehouse=analytics&user=alice&password=alice-sandbox-1")
    browser.get("/groups", to="/sign-in?next=/groups")
