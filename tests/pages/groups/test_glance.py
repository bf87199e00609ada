"""What a group's page answers first, and the drawing of its last day."""

from tests.conftest import SignIn
from tests.pages.people import (
    CAMPAIGNS,
    REPORTING,
    TO_CHANGE,
    TO_REVIEW,
    confirm,
    draft,
    group_path,
)
from tests.support.page_checks import words
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

MONTH_END = "Analytics month end"


def test_state_size_and_what_is_in_progress_come_first(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("alice").get(group_path(sandbox))
    first = page.soup.select("h1 ~ [data-live] > *")[:3]
    assert words(first[0]) == (
        "State Running Accepting queries. "
        "Size 8 to 16 GB total 1 replica of 8 to 16 GB. Idles after 10 minutes. "
        "About $0.39 to $0.78 per hour, nothing while idle. "
        "Next size: up to 32 GB total, up to $1.56 per hour. "
        "In progress None"
    )
    assert words(first[1]) == "Actions"
    assert "Scale this group" in words(first[2])


def test_no_next_size_and_no_boost_are_offered_while_an_entry_of_cloud_decides(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("dana").get(group_path(sandbox, CAMPAIGNS))
    assert "Next size" not in page.main
    assert not page.has("Boost this group …")
    assert "Boost: The schedule entry “Campaign days” of ClickHouse Cloud is active" in page.main


def test_the_drawing_of_the_day_says_whose_hours_it_has(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("alice").get(group_path(sandbox))
    assert page.text(".day-caption") == "Configured total memory, times in Europe/Berlin"


def test_an_idle_group_costs_nothing_now(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = sign_in("alice").get(group_path(sandbox, "Analytics ad hoc"))
    assert "Costs no compute now; about $0.39 to $1.56 per hour while running." in page.main


def test_who_is_changing_the_group_is_said_while_nobody_knows_how_it_ends(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.fault("PATCH", "reset")
    made = confirm(alice).h1.split()[1]
    page = sign_in("bob").get(group_path(sandbox))
    assert "alice: scale to 8 to 64 GB The outcome is not known yet; requested today" in page.text(
        "dl"
    )
    assert page.link(f"See change {made}") == f"/changes/{made}"


def test_an_accepted_change_is_in_progress_until_it_is_in_effect(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    confirm(alice)
    assert "alice: scale to 8 to 64 GB Accepted, taking effect" in alice.get(
        group_path(sandbox)
    ).text(".glance")
    bob = sign_in("bob")
    others = bob.get(group_path(sandbox)).text(".glance")
    assert "alice" not in others
    assert "A change is taking effect" in others
    assert "8 to 16 GB → 8 to 64 GB" in bob.get("/groups").main
    sandbox.advance(120)
    portal.age("changes", "settled_at", 60)
    wait_until(lambda: "In progress None" in bob.get(group_path(sandbox)).text(".glance"))
    # Whoever looked first has seen it; nobody had to open the change's own page.
    assert "Seen in effect today" in alice.get(group_path(sandbox)).text("section.history")


def test_an_action_is_in_progress_until_it_is_done(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, MONTH_END))
    alice.submit("Start this group", to=TO_REVIEW)
    alice.submit(f"Start {MONTH_END}", {"reason": "Books are closed"}, to=TO_CHANGE)
    page = alice.get(group_path(sandbox, MONTH_END))
    assert "alice: start Accepted, taking effect" in page.text(".glance")
    drawn = page.text("svg.day desc").partition("State: ")[2]
    assert [part.split()[-1] for part in drawn.strip(".").split("; ")] == ["stopped", "starting"]
    others = sign_in("bob").get(group_path(sandbox, MONTH_END)).text(".glance")
    assert "alice" not in others
    assert "No change is on its way" not in others


def test_the_limits_of_the_group_are_there_to_be_read(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    summary = sign_in("bob").get(group_path(sandbox)).text("details dl.summary-list")
    assert "Total memoryat most 480 GB" in summary


def test_the_last_day_is_drawn_with_the_same_as_a_table_and_names_nobody(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice = sign_in("alice")
    assert "Not known" not in alice.get(group_path(sandbox)).text("svg.day")
    draft(alice, sandbox)
    confirm(alice)
    for column in ("created_at", "sent_at", "settled_at"):
        portal.age("changes", column, 6 * 3600)
    page = sign_in("bob").get(group_path(sandbox))
    drawing = page.soup.select_one("svg.day")
    assert drawing is not None
    assert drawing["role"] == "img"
    assert page.text("svg.day .day-words").replace("\N{NO-BREAK SPACE}", " ") == (
        "8 to 16 GB 8 to 64 GB Running"
    )
    rows = [words(tag) for tag in page.soup.select("svg.day + details tbody tr")]
    assert [row.startswith("Configured total memory") for row in rows] == [True, True, False]
    assert rows[1].endswith("now 8 to 64 GB")
    assert "alice" not in page.text("svg.day") + " ".join(rows)


def test_a_size_that_somebody_set_elsewhere_leaves_a_gap(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    confirm(alice)
    for column in ("created_at", "sent_at", "settled_at"):
        portal.age("changes", column, 6 * 3600)
    sandbox.force(REPORTING, numReplicas=3)
    page = alice.get(group_path(sandbox))
    assert "8 to 64 GB" not in page.text("svg.day")
