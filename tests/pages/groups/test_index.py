"""The groups that somebody may see, by warehouse."""

from tests.conftest import SignIn
from tests.pages.people import REPORTING, group_path
from tests.support.browser import Page
from tests.support.sandbox import RunningSandbox


def row(page: Page, sandbox: RunningSandbox, group: str) -> str:
    return page.text(f'tr:has(a[href$="{sandbox.service_id(group)}"])')


def test_alice_sees_the_groups_of_her_warehouse_and_no_other(sign_in: SignIn) -> None:
    page = sign_in("alice").get("/groups")
    assert page.text("h2") == "Analytics"
    assert len(page.soup.select("tbody tr")) == 5
    assert "Marketing" not in page.response.text


def test_dana_sees_marketing_alone(sign_in: SignIn) -> None:
    page = sign_in("dana").get("/groups")
    assert page.text("h2") == "Marketing"
    assert "Analytics" not in page.response.text


def test_the_first_page_is_the_groups(sign_in: SignIn) -> None:
    assert sign_in("bob").get("/", to="/groups").h1 == "Your compute groups"


def test_each_group_stands_with_its_state_size_and_idling(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("bob").get("/groups")
    primary = row(page, sandbox, "Analytics primary")
    assert primary == (
        "Analytics primary Running 48 to 96 GB 3 \N{MULTIPLICATION SIGN} 16 to 32 GB 15 minutes "
        "\N{EN DASH}"
    )
    assert "Idle" in row(page, sandbox, "Analytics ad hoc")
    assert "Stopped" in row(page, sandbox, "Analytics month end")
    assert "read-only" in row(page, sandbox, "Analytics archive")


def test_a_scheduled_group_shows_the_size_in_effect(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("dana").get("/groups")
    assert "256 to 640 GB 4 to 10 \N{MULTIPLICATION SIGN} 64 GB Never" in row(
        page, sandbox, "Marketing campaigns"
    )


def test_the_page_tells_how_old_it_is(sign_in: SignIn) -> None:
    page = sign_in("alice").get("/groups")
    assert page.text(".freshness").startswith("As of today")
    assert page.soup.select_one(".freshness time[datetime]") is not None


def test_looking_wakes_and_changes_nothing(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    browser = sign_in("alice")
    sandbox.reset()  # after the sign-in
    for path in ("/groups", "/groups/live", group_path(sandbox, "Analytics ad hoc")):
        browser.get(path)
    assert sandbox.requests("clickhouse") == []
    assert sandbox.writes() == []


def test_without_cloud_the_last_known_state_stays_with_a_warning(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    browser = sign_in("alice")
    browser.get("/groups")
    sandbox.fault("GET .*/services", "status", status=503, times=None)
    page = browser.get("/groups")
    assert "ClickHouse Cloud has a fault of its own (status 503)." in page.text(".notice")
    assert "What you see is from today" in page.text(".notice")
    assert "Running" in row(page, sandbox, REPORTING)


def test_a_group_that_cloud_does_not_show_is_said_to_be_invisible(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    sandbox.force(REPORTING, id="0c000000-0000-4000-8000-0000000000ff")
    page = sign_in("alice").get("/groups")
    assert "Not visible to the portal at the moment." in row(page, sandbox, REPORTING)


def test_the_fragment_says_what_the_page_says(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    browser = sign_in("alice")
    shown = row(browser.get("/groups"), sandbox, REPORTING)
    assert row(browser.get("/groups/live"), sandbox, REPORTING) == shown
