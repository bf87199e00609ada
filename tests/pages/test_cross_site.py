"""Forms of other sites, and forms without the session's own token, do nothing."""

import pytest

from tests.conftest import SignIn
from tests.pages.people import draft, group_path
from tests.support.browser import Browser, values_of
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": None},
    {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": None, "Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": None, "Origin": "null"},
]


@pytest.fixture
def review(sign_in: SignIn, sandbox: RunningSandbox) -> Browser:
    """Alice before the last button."""
    browser = sign_in("alice")
    draft(browser, sandbox)
    return browser


def confirm_path(browser: Browser) -> str:
    return browser.page.path.replace("/review", "/confirm")


def assert_nothing_happened(portal: PortalProcess) -> None:
    assert portal.sandbox.writes() == []
    assert portal.execute("SELECT state FROM changes") == [("draft",)]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_request_of_another_site_is_refused_even_with_the_token(
    review: Browser, portal: PortalProcess, headers: dict[str, str | None]
) -> None:
    # ASVS 3.5.1
    fields = {"csrf_token": review.page.csrf_token}
    page = review.post(confirm_path(review), fields, status=403, headers=headers)
    assert "This request came from another site, so nothing was done." in page.main
    assert_nothing_happened(portal)


@pytest.mark.parametrize("token", [None, "", "nonsense", "another session's"])
def test_a_form_without_the_sessions_own_token_is_refused(
    review: Browser, portal: PortalProcess, token: str | None
) -> None:
    # ASVS 3.5.1
    if token == "another session's":
        token = Browser(portal.url).get("/sign-in").csrf_token
    fields = {} if token is None else {"csrf_token": token}
    page = review.post(confirm_path(review), fields, status=403)
    assert "The form you sent does not belong to your session" in page.main
    assert_nothing_happened(portal)


def test_the_scale_form_needs_the_token_too(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    browser = sign_in("alice")
    page = browser.get(group_path(sandbox, part="scale"))
    fields = dict(values_of(page.form_of("Review changes"))) | {"max_memory_gb": "64"}
    del fields["csrf_token"]
    browser.post(group_path(sandbox, part="scale"), fields, status=403)
    assert portal.execute("SELECT count(*) FROM changes") == [(0,)]


def test_signing_in_needs_a_token_as_well(browser: Browser, sandbox: RunningSandbox) -> None:
    given = {"warehouse": "analytics", "user": "alice", "password": "alice-sandbox-1"}
    browser.post("/sign-in", given, status=403)
    assert sandbox.requests("clickhouse") == []


def test_an_old_browser_that_names_its_origin_gets_through(review: Browser) -> None:
    fields = {"csrf_token": review.page.csrf_token}
    to = confirm_path(review).removesuffix("/confirm")
    review.post(confirm_path(review), fields, to=to, headers={"Sec-Fetch-Site": None})


@pytest.mark.parametrize("part", ["", "scale"])
def test_answers_are_not_shared_with_other_sites(
    sign_in: SignIn, sandbox: RunningSandbox, part: str
) -> None:
    # ASVS 3.4.2: the browser's own checks demand that no such header is there.
    headers = {"Origin": "https://evil.example"}
    sign_in("alice").get(group_path(sandbox, part=part), headers=headers)
