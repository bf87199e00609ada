"""“Your sessions”: seen, ended one by one, and ended everywhere."""

from tests.pages.account.conftest import Enter
from tests.support.browser import Browser, Page
from tests.support.page_checks import words
from tests.support.portal import PortalProcess

LEFT = "/sign-in?signed_out=1"


def is_in(browser: Browser) -> bool:
    """Whether the browser is still signed in."""
    return browser.fetch("GET", "/groups").status_code == 200


def rows(page: Page) -> list[str]:
    """The sessions shown, in words."""
    return [words(tag) for tag in page.soup.select("tbody tr")]


def ends(page: Page) -> list[str]:
    """Where the buttons to end a session lead, in the order of the page."""
    return [str(tag["action"]) for tag in page.soup.select("tbody form")]


def test_this_session_comes_first_and_is_marked(enter: Enter) -> None:
    alice = enter("alice")
    enter("alice")
    enter("bob")
    found = rows(alice.get("/account"))
    assert len(found) == 2
    assert found[0].startswith("127.0.0.1 this one not known just now just now")
    assert "this one" not in found[1]


# ASVS 7.5.2
def test_another_session_is_ended(enter: Enter) -> None:
    here, there = enter("alice"), enter("alice")
    page = here.get("/account")
    fields = {"csrf_token": page.csrf_token}
    page = here.post(ends(page)[1], fields, to="/account?ended=1#sessions")
    assert "The session was signed out." in page.main
    assert (is_in(here), is_in(there)) == (True, False)


def test_ending_this_one_is_signing_out(enter: Enter) -> None:
    here, there = enter("alice"), enter("alice")
    page = here.get("/account")
    here.is_signed_in = False
    page = here.post(ends(page)[0], {"csrf_token": page.csrf_token}, to=LEFT)
    assert page.h1 == "Sign in"
    assert (is_in(here), is_in(there)) == (False, True)


# ASVS 7.4.3, 7.5.2
def test_sign_out_everywhere_ends_all_of_ones_own_and_no_others(enter: Enter) -> None:
    here, there, bob = enter("alice"), enter("alice"), enter("bob")
    here.get("/account")
    here.is_signed_in = False
    here.submit("Sign out everywhere", to=LEFT)
    assert (is_in(here), is_in(there), is_in(bob)) == (False, False, True)


def test_a_foreign_session_looks_like_none(enter: Enter, fresh_portal: PortalProcess) -> None:
    alice, bob = enter("alice"), enter("bob")
    ((foreign,),) = fresh_portal.execute("SELECT id FROM sessions WHERE user = 'alice'")
    token = bob.get("/account").csrf_token
    answers = [
        bob.post(f"/account/sessions/{number}/end", {"csrf_token": token}, status=404).main
        for number in (foreign, 987654)
    ]
    assert answers[0].partition("reference")[0] == answers[1].partition("reference")[0]
    assert is_in(alice)


def test_every_form_needs_its_token(enter: Enter) -> None:
    alice = enter("alice")
    page = alice.get("/account")
    for path in (ends(page)[0], "/account/sign-out-everywhere", "/account/roles"):
        alice.post(path, status=403)
    assert is_in(alice)
