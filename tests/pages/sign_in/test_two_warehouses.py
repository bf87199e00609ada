"""A person signed in to two warehouses sees both, each by its own session, and nothing unproven."""

import pytest

from tests.pages.people import CAMPAIGNS, REPORTING, TO_REVIEW, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

MINUTE = 60
TO_MARKETING, TO_ANALYTICS = "/sign-in?warehouse=marketing", "/sign-in?warehouse=analytics"
ANOTHER = "Sign in to another"


@pytest.fixture
def person(fresh_portal: PortalProcess) -> Browser:
    """Somebody at a portal of their own, signed in to Analytics as alice."""
    browser = Browser(fresh_portal.url)
    browser.sign_in(fresh_portal.sandbox.person("alice"))
    return browser


@pytest.fixture
def both(person: Browser, sandbox: RunningSandbox) -> Browser:
    """The same, who has then signed in to Marketing as dana."""
    person.get(person.page.link(ANOTHER))
    prove(person, sandbox, "dana")
    return person


def prove(browser: Browser, sandbox: RunningSandbox, name: str) -> Page:
    """Sign in by the form that the browser shows."""
    who = sandbox.person(name)
    given = {"warehouse": who.warehouse, "user": who.name, "password": who.password}
    browser.is_signed_in = True
    return browser.submit("Sign in", given, to="/groups")


def users(portal: PortalProcess) -> list[str]:
    """Whose sessions the records hold."""
    return [str(row[0]) for row in portal.execute('SELECT "user" FROM sessions ORDER BY "user"')]


def head(page: Page) -> tuple[str, str]:
    """The warehouse and the name in the head of a page."""
    return page.text(".switcher summary"), page.text(".masthead-person bdi")


def test_another_warehouse_is_shown_after_its_own_sign_in_alone(
    person: Browser, sandbox: RunningSandbox
) -> None:
    assert "Marketing" not in person.page.response.text
    form = person.get(person.page.link(ANOTHER))
    assert form.value("warehouse") == ""
    assert "You stay signed in to Analytics as alice" in form.main
    assert CAMPAIGNS not in form.main
    person.get(group_path(sandbox, CAMPAIGNS), 404)
    assert REPORTING in person.get("/groups").main  # nothing has changed


def test_both_are_at_hand_without_signing_out(both: Browser, sandbox: RunningSandbox) -> None:
    page = both.page
    assert (head(page), CAMPAIGNS in page.main) == (("Marketing", "dana"), True)
    both.get(group_path(sandbox), 404)
    page = both.submit("Analytics", to="/groups")
    assert (head(page), REPORTING in page.main) == (("Analytics", "alice"), True)
    both.get(group_path(sandbox, CAMPAIGNS), 404)
    page = both.submit("Marketing", to="/groups")
    assert head(page) == ("Marketing", "dana")


@pytest.mark.parametrize("part", ["", "live", "scale", "audit", "audit.csv", "schedule"])
def test_no_page_of_the_warehouse_that_is_not_in_use_is_shown(
    both: Browser, sandbox: RunningSandbox, part: str
) -> None:
    both.get(group_path(sandbox, REPORTING, part), 404)
    both.get("/groups")
    both.submit("Analytics", to="/groups")
    both.get(group_path(sandbox, CAMPAIGNS, part), 404)


def test_the_last_one_is_remembered(both: Browser) -> None:
    both.submit("Analytics", to="/groups")
    assert both.sign_out().value("warehouse") == "analytics"


def test_a_session_that_ends_does_not_end_the_other(
    both: Browser, fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    fresh_portal.execute("""DELETE FROM sessions WHERE "user" = 'dana'""")
    both.is_signed_in = False
    page = both.get("/groups", to="/sign-in?next=/groups")
    assert not page.has("Go on in Marketing")
    both.is_signed_in = True
    page = both.submit("Go on in Analytics", to="/groups")
    assert head(page) == ("Analytics", "alice")
    assert not page.has("Marketing")  # which needs a sign-in of its own again


def test_what_ended_meanwhile_needs_a_sign_in(both: Browser, fresh_portal: PortalProcess) -> None:
    fresh_portal.execute("""DELETE FROM sessions WHERE "user" = 'alice'""")
    page = both.submit("Analytics", to=TO_ANALYTICS)
    assert head(page) == ("Marketing", "dana")
    assert "You stay signed in to Marketing as dana" in page.main


def test_each_has_its_own_time(both: Browser, fresh_portal: PortalProcess) -> None:
    fresh_portal.age("sessions", "seen_at", 31 * MINUTE, """"user" = 'alice'""")
    assert head(both.get("/groups")) == ("Marketing", "dana")
    both.submit("Analytics", to=TO_ANALYTICS)


def test_coming_back_after_an_end_keeps_the_other(
    both: Browser, fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    fresh_portal.execute("""DELETE FROM sessions WHERE "user" = 'dana'""")
    both.is_signed_in = False
    both.get("/groups", to="/sign-in?next=/groups")
    prove(both, sandbox, "dana")
    assert users(fresh_portal) == ["alice", "dana"]
    assert head(both.submit("Analytics", to="/groups")) == ("Analytics", "alice")


def test_somebody_else_finds_nothing_of_it(
    both: Browser, fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    fresh_portal.execute("""DELETE FROM sessions WHERE "user" = 'dana'""")
    both.is_signed_in = False
    both.get("/groups", to="/sign-in?next=/groups")
    page = prove(both, sandbox, "bob")
    assert (head(page), page.has("Marketing")) == (("Analytics", "bob"), False)
    assert users(fresh_portal) == ["bob"]  # on the server too


def test_another_user_of_the_same_warehouse_takes_the_place_of_all(
    both: Browser, fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    page = both.submit("Analytics", to="/groups")
    given = {"warehouse": "analytics", "user": "bob", "password": sandbox.person("bob").password}
    both.post("/sign-in", {"csrf_token": page.csrf_token, **given}, to="/groups")
    assert users(fresh_portal) == ["bob"]


def test_signing_out_ends_all(both: Browser, fresh_portal: PortalProcess) -> None:
    saved = both.clone()
    page = both.sign_out()
    assert (users(fresh_portal), page.has("Go on in Analytics")) == ([], False)
    saved.is_signed_in = False
    saved.get("/groups", to="/sign-in?next=/groups")
    token = saved.page.csrf_token
    saved.post("/warehouse", {"csrf_token": token, "warehouse": "analytics"}, to=TO_ANALYTICS)


def test_a_page_that_is_still_open_does_not_become_one_of_the_other_warehouse(
    both: Browser,
) -> None:
    old, new = {"X-Warehouse": "analytics"}, {"X-Warehouse": "marketing"}
    assert both.fetch("GET", "/groups/live", headers=old).status_code == 409
    assert both.fetch("GET", "/groups/live", headers=new).status_code == 200


def test_a_form_of_the_other_warehouse_changes_nothing(
    person: Browser, sandbox: RunningSandbox
) -> None:
    review = draft(person, sandbox)
    person.get(person.page.link(ANOTHER))
    prove(person, sandbox, "dana")
    token = person.page.csrf_token
    person.post(review.path.replace("/review", "/confirm"), {"csrf_token": token}, status=404)
    assert sandbox.writes() == []


def test_a_form_sent_after_switching_opens_again_in_its_own_warehouse(
    both: Browser, sandbox: RunningSandbox
) -> None:
    both.submit("Analytics", to="/groups")
    form = both.get(group_path(sandbox, REPORTING, "scale"))
    both.submit("Marketing", to="/groups")
    typed = {"csrf_token": form.csrf_token, "max_memory_gb": "64"}  # in a tab that is still open
    refused = both.post(form.path, typed, status=403)
    page = both.get(refused.link("Open the form again"), 404)
    assert REPORTING not in page.main
    page = both.submit("Look in Analytics", to=f"{form.path}?again=1")
    assert (head(page), page.value("max_memory_gb")) == (("Analytics", "alice"), "64")
    both.submit("Review changes", to=TO_REVIEW)


@pytest.mark.parametrize("given", ["//evil.example.test", "https://evil.example.test", ""])
def test_switching_leads_to_no_other_host(both: Browser, given: str) -> None:
    fields = {"csrf_token": both.page.csrf_token, "warehouse": "analytics", "next": given}
    both.post("/warehouse", fields, to="/groups")


@pytest.mark.parametrize("given", ["", "nowhere", "https://evil.example.test", "//evil", "a" * 500])
def test_a_warehouse_that_is_none_leads_nowhere(person: Browser, given: str) -> None:
    page = person.get("/groups")
    fields = {"csrf_token": page.csrf_token, "warehouse": given}
    answer = person.fetch("POST", "/warehouse", data=fields, headers={"Origin": person.url})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?warehouse=")


def test_only_a_form_of_the_portal_switches(both: Browser) -> None:
    both.get("/warehouse", 405)
    both.post("/warehouse", {"warehouse": "analytics"}, status=403)
    assert head(both.get("/groups")) == ("Marketing", "dana")


def test_each_end_is_an_event_of_its_own_person(both: Browser, fresh_portal: PortalProcess) -> None:
    both.sign_out()
    ended = """SELECT warehouse, "user" FROM events WHERE kind = 'session_logout' ORDER BY 1"""
    assert fresh_portal.execute(ended) == [("analytics", "alice"), ("marketing", "dana")]
