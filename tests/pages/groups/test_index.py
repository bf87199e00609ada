"""The groups that somebody may see, by warehouse."""

from tests.conftest import SignIn
from tests.pages.people import REPORTING, confirm, draft, group_path
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


def test_each_group_stands_with_its_state_size_and_cost(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("bob").get("/groups")
    primary = row(page, sandbox, "Analytics primary")
    assert primary == (
        "Analytics primary \N{WHITE STAR} primary Environment: sandbox Running 48 to 96 GB "
        "3 \N{MULTIPLICATION SIGN} 16 to 32 GB $2.34\N{EN DASH}$4.68 \N{EN DASH}"
    )
    assert "Idle" in row(page, sandbox, "Analytics ad hoc")
    assert "Stopped" in row(page, sandbox, "Analytics month end")
    assert "read-only" in row(page, sandbox, "Analytics archive")


def test_a_scheduled_group_shows_the_size_in_effect(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("dana").get("/groups")
    assert "256 to 640 GB 4 to 10 \N{MULTIPLICATION SIGN} 64 GB $12.49" in row(
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


def test_a_row_has_what_this_person_may_do_now_and_nothing_else(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("alice").get("/groups")
    assert row(page, sandbox, REPORTING).endswith("Scale Stop …")
    assert row(page, sandbox, "Analytics ad hoc").endswith("Scale Wake Stop …")
    assert row(page, sandbox, "Analytics month end").endswith("Scale Start")
    cell = page.soup.select_one(f'tr:has(a[href$="{sandbox.service_id(REPORTING)}"]) td:last-child')
    assert cell is not None
    (stop,) = cell.select("button")
    assert stop["formaction"] == f"{group_path(sandbox)}/stop"
    form = page.soup.find(id=stop["form"])
    assert form is not None
    assert (
        form.find_parent(attrs={"data-live": True}) is None
    )  # it holds what belongs to one person
    assert row(sign_in("bob").get("/groups"), sandbox, REPORTING).endswith("\N{EN DASH}")


def test_a_group_that_somebody_is_changing_says_so_and_why_it_is_closed(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    sandbox.fault("PATCH", "reset")
    draft(alice, sandbox)
    confirm(alice)
    told = row(alice.get("/groups"), sandbox, REPORTING)
    assert "alice: scale in progress" in told
    assert "alice is changing this group. Wait until that change has a known outcome." in told


def test_the_headings_order_the_table_by_links_and_say_how_it_stands(sign_in: SignIn) -> None:
    alice = sign_in("alice")
    page = alice.get("/groups")
    assert page.soup.select("[aria-sort]") == []
    page = alice.get(page.link("Cost per hour now"))
    assert page.text('[aria-sort="descending"]') == "Cost per hour now"
    first = page.soup.select("tbody th a")[0].get_text()
    page = alice.get(page.link("Cost per hour now"))
    assert page.text('[aria-sort="ascending"]') == "Cost per hour now"
    assert page.soup.select("tbody th a")[-1].get_text() == first


def test_what_the_owners_say_of_a_group_stands_in_the_list_and_on_its_page(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    told = row(alice.get("/groups?q=dashboards"), sandbox, REPORTING)
    assert "Dashboards and reports of all teams · reporting@example.com" in told
    page = alice.get(group_path(sandbox)).main
    assert "reporting@example.com" in page
    assert "Environment: sandbox" in page
