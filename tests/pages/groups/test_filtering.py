"""Finding groups by the parameters of an address: no JavaScript needed."""

from tests.conftest import SignIn
from tests.support.browser import Page


def shown(page: Page) -> list[str]:
    return [tag.get_text() for tag in page.soup.select("tbody th a")]


def test_the_form_asks_by_address_and_keeps_what_was_asked(sign_in: SignIn) -> None:
    page = sign_in("alice").get("/groups?q=ARCHIVE&sort=name")
    assert shown(page) == ["Analytics archive"]
    assert "1 of 5 groups shown." in page.main
    form = page.soup.select_one('form[role="search"]')
    assert form is not None
    assert form.get("method", "get") == "get"
    assert page.value("q") == "ARCHIVE"
    assert page.value("sort") == "name"


def test_each_state_is_one_press_away_with_its_number(sign_in: SignIn) -> None:
    browser = sign_in("alice")
    page = browser.get("/groups?sort=name")
    assert page.text(".pills") == "All 5 Running 3 Idle 1 Off 1"
    page = browser.get(page.link("Idle 1"))
    assert shown(page) == ["Analytics ad hoc"]
    assert page.value("sort") == "name"
    assert page.value("state") == "resting"
    assert page.text('[aria-current="true"]') == "Idle 1"
    assert (
        page.text("h2 + p")
        == "3 of 5 running · 64\N{EN DASH}120 GB total · 8 of at most 20 replicas"
    )


def test_the_largest_come_first_when_asked_for(sign_in: SignIn) -> None:
    page = sign_in("alice").get("/groups?sort=size")
    assert shown(page)[:2] == ["Analytics month end", "Analytics primary"]


def test_nothing_found_says_what_to_do(sign_in: SignIn) -> None:
    browser = sign_in("alice")
    page = browser.get("/groups?q=%3Cb%3Enowhere&sort=size")
    assert shown(page) == []
    assert page.text(".notice-message") == "No groups match."
    assert page.value("q") == "<b>nowhere"
    assert len(shown(browser.get(page.link("Show all")))) == 5


def test_values_that_nobody_can_choose_are_ignored(sign_in: SignIn) -> None:
    page = sign_in("alice").get("/groups?state=x&sort=__class__&warehouse=marketing&other=1")
    assert len(shown(page)) == 5


def test_the_fragment_shows_what_the_page_shows_and_links_to_the_page(sign_in: SignIn) -> None:
    browser = sign_in("alice")
    page = browser.get("/groups?q=archive")
    live = str(page.soup.select_one("[data-live]")["data-live"])  # type: ignore[index]
    fragment = browser.get(live)
    assert shown(fragment) == ["Analytics archive"]
    assert fragment.link("Idle 1") == "/groups?q=archive&state=resting"


def test_whoever_has_one_group_needs_no_search(sign_in: SignIn) -> None:
    page = sign_in("dana").get("/groups")
    assert page.soup.select_one('form[role="search"], .pills') is None
