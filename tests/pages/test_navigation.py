"""The way around: which places every page leads to, and which of them one is at."""

import pytest

from app.api.operations import OPERATIONS
from tests.conftest import SignIn
from tests.pages.people import REPORTING, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

PLACES = {
    "Groups": "/groups",
    "Activity": "/activity",
    "Schedules": "/schedules",
    "Spend": "/spend",
    "Help": "/help",
    "API": "/reference",
}


def marked(page: Page) -> dict[str, str]:
    """The links that say that one is there, and how."""
    links = page.soup.select('nav[aria-label="Main"] a[aria-current]')
    return {link.get_text(): str(link["aria-current"]) for link in links}


@pytest.mark.parametrize("words", PLACES)
def test_every_place_is_one_link_away_and_says_that_one_is_there(
    sign_in: SignIn, words: str
) -> None:
    alice = sign_in("alice")
    page = alice.get(alice.get("/account").link(words))
    assert page.path == PLACES[words]
    assert marked(page) == {words: "page"}


def test_a_page_that_belongs_to_a_place_marks_it_without_being_it(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    assert marked(alice.get(group_path(sandbox))) == {"Groups": "true"}
    assert marked(alice.get(f"{group_path(sandbox)}/schedule")) == {"Schedules": "true"}
    assert marked(alice.get("/account")) == {}


def test_the_reference_of_the_api_names_every_operation(sign_in: SignIn) -> None:
    page = sign_in("alice").get("/reference")
    for operation in OPERATIONS:
        assert f"{operation.method} {operation.path}" in page.main


def test_strangers_have_no_way_around(portal: PortalProcess) -> None:
    page = Browser(portal.url).get("/sign-in")
    assert page.soup.select('nav[aria-label="Main"]') == []


def test_the_name_of_a_group_is_no_place(sign_in: SignIn) -> None:
    assert sign_in("alice").get("/groups").link(REPORTING).startswith("/groups/")
