"""Favourites: of one person, first in the list, and there again after the next sign-in."""

from tests.conftest import SignIn
from tests.pages.editions import EDITION, edition_of
from tests.pages.people import REPORTING, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess

ARCHIVE = "Analytics archive"


def shown(page: Page) -> list[str]:
    return [tag.get_text() for tag in page.soup.select("tbody th a")]


def another_browser(portal: PortalProcess) -> Browser:
    """Alice in a browser that has never been here."""
    browser = Browser(portal.url)
    browser.sign_in(portal.sandbox.person("alice"))
    return browser


def press_star(browser: Browser, group: str, path: str = "/groups") -> Page:
    """Press the star of a group on the page of this address; the page that follows."""
    page = browser.get(path)
    (button,) = page.soup.select(f'button[aria-label="Favourite {group}"]')
    form = page.soup.find(id=button["form"])
    assert form is not None
    fields = {str(item["name"]): str(item["value"]) for item in form.select("input")}
    fields["is_favourite"] = str(button["value"])
    answer = browser.fetch("POST", str(button["formaction"]), data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    return browser.get(path)


def test_a_favourite_comes_first_for_this_person_alone_until_it_is_taken_out(
    portal: PortalProcess, sign_in: SignIn
) -> None:
    alice, bob = another_browser(portal), sign_in("bob")
    usual = shown(alice.get("/groups"))
    page = press_star(alice, ARCHIVE)
    assert shown(page)[0] == ARCHIVE
    assert sorted(shown(page)) == sorted(usual)
    assert shown(bob.get("/groups")) == usual
    assert shown(alice.get("/groups?sort=size"))[0] != ARCHIVE
    alice.sign_out()
    alice = another_browser(portal)
    assert shown(alice.get("/groups"))[0] == ARCHIVE
    assert shown(press_star(alice, ARCHIVE)) == usual


def test_an_open_page_of_the_same_person_learns_of_it(
    portal: PortalProcess, sign_in: SignIn
) -> None:
    alice, again = sign_in("alice"), another_browser(portal)
    shown_edition = edition_of(again, "/groups")
    press_star(alice, REPORTING)
    answer = again.fetch("GET", "/groups/live", headers={EDITION: shown_edition})
    assert answer.status_code == 200
    assert answer.text.index(REPORTING) < answer.text.index("Analytics primary")
    press_star(alice, REPORTING)


def test_nobody_marks_what_they_may_not_see(portal: PortalProcess, sign_in: SignIn) -> None:
    dana = sign_in("dana")
    page = dana.get("/groups")
    token = page.soup.select_one('#person input[name="csrf_token"]')
    assert token is not None
    path = f"{group_path(portal.sandbox)}/favourite"
    data = {"csrf_token": str(token["value"]), "is_favourite": "1"}
    assert dana.fetch("POST", path, data=data).status_code == 404
