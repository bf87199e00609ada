"""A size that ends by itself: asked for in the form, shown with its end, ended at one press."""

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, group_path, reference_of
from tests.support.browser import Browser, Page
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

LARGE = {"min_memory_gb": "32", "max_memory_gb": "64", "lasts": "60"}


def review(browser: Browser, sandbox: RunningSandbox, **fields: str) -> Page:
    """Ask for a boost, up to its review."""
    browser.get(f"{group_path(sandbox, part='scale')}?boost=1")
    return browser.submit("Review changes", {**LARGE, **fields}, to=TO_REVIEW)


def boost(browser: Browser, sandbox: RunningSandbox, **fields: str) -> str:
    """A boost that is confirmed; its reference."""
    review(browser, sandbox, **fields)
    return reference_of(browser.submit(f"Boost {REPORTING}", to=TO_CHANGE))


def let_bob_boost(config: Config) -> None:
    """Bob may boost and not scale."""
    rule = {"users": ["bob"], "permissions": ["boost"]}
    config["warehouses"][0]["access"].append(rule)


def test_the_review_says_until_when_and_what_comes_then(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = review(sign_in("alice"), sandbox)
    assert page.h1 == f"Review the boost of {REPORTING}"
    assert "Then the group goes back to 1 replica of 8 to 16 GB." in page.main
    # 48 GB more for an hour at $0.3903 for 8 GB.
    assert "It costs up to $2.34 more until then." in page.main
    assert "What somebody else changes meanwhile stays as they set it." in page.main


def test_the_form_is_called_after_what_it_is_opened_for(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    form = group_path(sandbox, part="scale")
    assert sign_in("alice").get(f"{form}?boost=1").h1 == f"Boost {REPORTING}"
    assert sign_in("alice").get(form).h1 == f"Scale {REPORTING}"


def test_the_group_shows_it_and_ends_it_at_one_press(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    boost(alice, sandbox)
    page = alice.get(group_path(sandbox))
    assert "Boost until" in page.main
    assert "1 hour left. Then 1 replica of 8 to 16 GB." in page.main
    assert "boost until" in alice.get("/groups").main
    alice.get(group_path(sandbox))
    page = alice.submit("End it now", to=group_path(sandbox))
    assert page.text(".notice[role=status]") == "The boost ends now."
    wait_until(lambda: len(sandbox.writes()) == 2)
    assert "8 to 16 GB" in alice.get(group_path(sandbox)).main


def test_it_goes_back_by_itself_though_nobody_looks(
    sandbox: RunningSandbox, fresh_portal: PortalProcess
) -> None:
    portal = fresh_portal
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    boost(alice, sandbox)
    for table, column in (("boosts", "ends_at"), ("changes", "settled_at")):
        portal.age(table, column, 3601)
    wait_until(lambda: len(sandbox.writes()) == 2)
    wait_until(lambda: portal.execute("SELECT outcome FROM boosts") == [("ended",)])


def test_extending_counts_from_now(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    boost(alice, sandbox)
    alice.get(group_path(sandbox))
    page = alice.submit("Extend to 4 hours from now", to=group_path(sandbox))
    assert page.text(".notice[role=status]") == "The boost was extended."
    assert "4 hours left." in page.main


def test_the_size_can_be_kept(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice = sign_in("alice")
    boost(alice, sandbox)
    alice.get(group_path(sandbox))
    page = alice.submit("Keep this size", to=group_path(sandbox))
    assert "You have taken the boost over." in page.soup.text
    assert portal.execute("SELECT outcome, closed_by FROM boosts") == [("taken_over", "alice")]


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"lasts": "at", "until": ""}, "until", "Enter the date and time at which"),
        ({"lasts": "at", "until": "soon"}, "until", "Enter a date and time"),
        ({"lasts": "at", "until": "2020-01-01T10:00"}, "until", "at least a minute from now"),
        ({"lasts": "at", "until": "9999-01-01T10:00"}, "until", "lasts 7 days at most"),
        ({"lasts": "for ever"}, "until", "Enter the date and time at which"),
        ({"min_memory_gb": "8", "max_memory_gb": "8"}, "max_memory_gb", "makes nothing smaller"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    sign_in: SignIn, sandbox: RunningSandbox, typed: dict[str, str], field: str, problem: str
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    page = alice.submit("Review changes", {**LARGE, **typed}, status=422)
    assert problem in page.problem(field)
    assert sandbox.writes() == []


def test_whoever_may_only_boost_has_no_lasting_size(
    sandbox: RunningSandbox, start_portal: StartPortal
) -> None:
    portal = start_portal(adapt=let_bob_boost)
    bob = Browser(portal.url)
    bob.sign_in(sandbox.person("bob"))
    page = bob.get(group_path(sandbox))
    assert "Boost this group" in page.main
    page = bob.get(group_path(sandbox, part="scale"))
    assert "Until it is changed again" not in page.main
    forged = {**LARGE, "lasts": "lasting", "num_replicas": "1", "idle_scaling": "on"}
    bob.submit("Review changes", forged, status=403)
    boost(bob, sandbox)
    assert len(sandbox.writes()) == 1
