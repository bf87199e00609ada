"""Signing in: every outcome has words of its own, and none tells whether a user exists."""

import re

import pytest

from tests.conftest import SignIn, StartPortal
from tests.support.browser import Browser, Page
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox

RUNNING = ("Analytics primary", "Analytics reporting", "Analytics archive")
"""The services that may be asked to check a password."""

WRONG = "The user name or the password is wrong for this warehouse."


def try_to_sign_in(browser: Browser, user: str, password: str, status: int, **more: str) -> Page:
    browser.get("/sign-in")
    given = {"warehouse": "analytics", "user": user, "password": password, **more}
    return browser.submit("Sign in", given, status=status)


def without_ids(page: Page, user: str) -> str:
    """The page as it would be for anybody: without its token and the name that was typed."""
    text = page.response.text.replace(page.csrf_token, "").replace(user, "")
    return re.sub(r"Date: .*", "", text)


def test_a_right_password_opens_the_groups(browser: Browser, sandbox: RunningSandbox) -> None:
    page = browser.sign_in(sandbox.person("alice"))
    assert page.h1 == "Your compute groups"
    assert "Signed in as alice" in page.text("header")


def test_the_password_is_checked_once_at_the_configured_group(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    browser.sign_in(sandbox.person("alice"))
    checks = sandbox.requests("clickhouse")
    assert [(item["method"], item["path"]) for item in checks] == [("POST", "/")]
    assert checks[0]["service_id"] == sandbox.service_id("Analytics primary")


def test_an_unknown_user_and_a_wrong_password_get_the_same_answer(browser: Browser) -> None:
    # ASVS 6.3.8
    pages = {}
    for user in ("alice", "nobody", "default", "charlie"):
        page = try_to_sign_in(browser, user, "not the password", 401)
        assert page.text('[role="alert"]').startswith(WRONG)
        pages[user] = without_ids(page, user)
    assert len(set(pages.values())) == 1


def test_a_refused_page_keeps_the_name_and_forgets_the_password(browser: Browser) -> None:
    page = try_to_sign_in(browser, "zoe", "forget me please", 401)
    assert page.value("user") == "zoe"
    assert page.value("password") == ""
    assert "forget me please" not in page.response.text


def test_the_password_field_lets_password_managers_do_their_work(browser: Browser) -> None:
    # ASVS 6.2.6, 6.2.7
    field = browser.get("/sign-in").soup.select_one("#password")
    assert field is not None
    assert (field["type"], field["autocomplete"]) == ("password", "current-password")
    assert not field.has_attr("maxlength")


@pytest.mark.parametrize("user", ["charlie", "norah"])
def test_somebody_without_a_group_is_known_but_not_signed_in(
    browser: Browser, sandbox: RunningSandbox, portal: PortalProcess, user: str
) -> None:
    before = portal.execute("SELECT count(*) FROM sessions")
    page = try_to_sign_in(browser, user, sandbox.person(user).password, 403)
    assert f"Your password is right, but {user} has no compute group here." in page.main
    assert "Ask whoever started this sandbox" in page.main
    assert portal.execute("SELECT count(*) FROM sessions") == before
    browser.get("/groups", to="/sign-in?next=/groups")


def test_the_quota_of_a_user_has_words_of_its_own(browser: Browser) -> None:
    for _ in range(3):
        try_to_sign_in(browser, "quinn", "wrong", 401)
    page = try_to_sign_in(browser, "quinn", "quinn-sandbox-1", 429)
    assert int(page.response.headers["Retry-After"]) >= 1
    assert "ClickHouse counts too many attempts to sign in as this user." in page.main


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ({"kind": "reset"}, 503, "its address may be missing from the IP access list"),
        ({"kind": "status", "status": 502}, 502, "Something other than ClickHouse answered"),
        ({"kind": "status", "status": 403}, 502, "Something other than ClickHouse answered"),
        ({"kind": "not_json"}, 502, "Something other than ClickHouse answered"),
        ({"kind": "wrong_shape"}, 502, "Something other than ClickHouse answered"),
        ({"kind": "redirect"}, 502, "Something other than ClickHouse answered"),
        ({"kind": "status", "status": 500, "code": 202}, 503, "too busy to check your password"),
        ({"kind": "status", "status": 500, "code": 201}, 429, "too many attempts to sign in"),
        ({"kind": "status", "status": 401, "code": 194}, 401, WRONG),
    ],
)
def test_every_way_to_fail_has_its_own_words(
    browser: Browser, sandbox: RunningSandbox, fault: dict[str, object], status: int, words: str
) -> None:
    sandbox.fault("clickhouse:", **fault, times=None)  # type: ignore[arg-type] # kind among the others
    page = try_to_sign_in(browser, "alice", "alice-sandbox-1", status)
    assert words in page.main
    # ASVS 13.2.5: no redirect followed. Where nothing answers, one further service is asked.
    assert len(sandbox.requests("clickhouse")) == (2 if fault["kind"] == "reset" else 1)
    browser.get("/groups", to="/sign-in?next=/groups")


def test_an_address_that_is_not_on_the_list_is_no_wrong_password(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    for name in RUNNING:
        sandbox.force(name, ipAccessList=[])
    page = try_to_sign_in(browser, "alice", "alice-sandbox-1", 503)
    assert "its address may be missing from the IP access list" in page.main


def test_a_group_that_nobody_answers_for_is_not_reachable(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    nobody = {"protocol": "https", "host": "127.0.0.1", "port": 1}
    for name in RUNNING:
        sandbox.force(name, endpoints=[nobody])
    page = try_to_sign_in(browser, "alice", "alice-sandbox-1", 503)
    assert "ClickHouse did not answer, so your password could not be checked." in page.main


def test_a_user_who_may_not_read_roles_is_still_known_by_name(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    sandbox.fault("clickhouse:", "status", status=403, code=497, times=None)
    assert browser.sign_in(sandbox.person("alice")).h1 == "Your compute groups"


def test_without_word_from_cloud_nothing_is_touched(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal()
    sandbox.fault("GET .*/services", "status", status=503, times=None)
    page = try_to_sign_in(Browser(portal.url), "alice", "alice-sandbox-1", 503)
    assert "ClickHouse Cloud cannot be asked which compute groups are running." in page.main
    assert sandbox.requests("clickhouse") == []


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("warehouse", "Choose your warehouse"),
        ("user", "Enter your ClickHouse user name"),
        ("password", "Enter your password"),
    ],
)
def test_what_is_left_out_is_asked_for(
    browser: Browser, sandbox: RunningSandbox, field: str, problem: str
) -> None:
    browser.get("/sign-in")
    given = {"warehouse": "analytics", "user": "alice", "password": "x", field: ""}
    page = browser.submit("Sign in", given, status=422)
    assert page.problem(field) == problem
    assert len(page.summary) == 1
    assert sandbox.requests("clickhouse") == []


@pytest.mark.parametrize("warehouse", ["", "sales", "Analytics", "../analytics"])
def test_a_warehouse_that_is_not_offered_is_no_choice(browser: Browser, warehouse: str) -> None:
    page = try_to_sign_in(browser, "alice", "alice-sandbox-1", 422, warehouse=warehouse)
    assert page.problem("warehouse") == "Choose your warehouse"


@pytest.mark.parametrize("text", ["a\r\nX-Evil: 1", "a\0b", "x" * 2000])
def test_what_cannot_be_sent_to_clickhouse_is_not_sent(
    browser: Browser, sandbox: RunningSandbox, text: str
) -> None:
    for given in ({"user": text}, {"password": text}):
        page = try_to_sign_in(browser, **{"user": "zoe", "password": "x", **given}, status=400)
        assert "This user name or password cannot be sent to ClickHouse." in page.main
    assert sandbox.requests("clickhouse") == []


def test_the_right_password_of_another_warehouse_is_wrong_here(browser: Browser) -> None:
    # ASVS 6.8.1
    page = try_to_sign_in(browser, "alice", "alice-sandbox-1", 401, warehouse="marketing")
    assert WRONG in page.main


def test_a_single_warehouse_goes_without_saying(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    def drop_marketing(config: Config) -> None:
        del config["warehouses"][1]

    browser = Browser(start_portal(adapt=drop_marketing).url)
    page = browser.get("/sign-in")
    assert page.soup.select_one("#warehouse") is None
    browser.is_signed_in = True
    given = {"user": "alice", "password": sandbox.person("alice").password}
    browser.submit("Sign in", given, to="/groups")


def test_whoever_is_signed_in_goes_on_to_the_groups(sign_in: SignIn) -> None:
    sign_in("alice").get("/sign-in", to="/groups")


def test_whoever_signs_in_after_failures_is_told_of_them_once(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    # ASVS 6.3.5
    person = sandbox.person("dana")
    browser.sign_in(person)  # what failed until now is told, and over
    browser.sign_out()
    for _ in range(2):
        browser.get("/sign-in")
        given = {"warehouse": person.warehouse, "user": person.name, "password": "not this one"}
        browser.submit("Sign in", given, status=401)
    page = browser.sign_in(person)
    assert page.text(".notice") == (
        "Before this, 2 attempts to sign in with your name failed. If that was not you, "
        "change your password in ClickHouse, and tell whoever started this sandbox."
    )
    assert browser.get("/groups").text(".notice") == ""
