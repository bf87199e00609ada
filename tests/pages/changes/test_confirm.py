"""Confirming: exactly the reviewed fields travel, exactly once, however often the button is hit."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.changes.buttons import at_once, press
from tests.pages.people import (
    CAMPAIGNS,
    REPORTING,
    TO_CHANGE,
    confirm,
    draft,
    group_path,
    let_bob_scale,
)
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until


# ASVS 15.3.3
@pytest.mark.parametrize(
    ("typed", "patch"),
    [
        ({"max_memory_gb": "64"}, {"maxReplicaMemoryGb": 64}),
        ({"min_memory_gb": "12"}, {"minReplicaMemoryGb": 12}),
        (
            {"min_memory_gb": "32", "max_memory_gb": "32"},
            {"minReplicaMemoryGb": 32, "maxReplicaMemoryGb": 32},
        ),
        ({"num_replicas": "3"}, {"numReplicas": 3}),
        ({"idle_timeout_minutes": "30"}, {"idleTimeoutMinutes": 30}),
        (
            {"min_memory_gb": "12", "num_replicas": "2", "reason": "why"},
            {"minReplicaMemoryGb": 12, "numReplicas": 2},
        ),
    ],
)
def test_only_what_changed_travels(
    sign_in: SignIn, sandbox: RunningSandbox, typed: Mapping[str, str], patch: dict[str, object]
) -> None:
    # ASVS 8.2.3
    alice = sign_in("alice")
    draft(alice, sandbox, **typed)
    confirm(alice)
    assert sandbox.patches() == [patch]
    sent = sandbox.writes()[0]
    assert sent["path"].endswith(f"/services/{sandbox.service_id(REPORTING)}/replicaScaling")


@pytest.mark.parametrize(
    ("typed", "patch"),
    [
        ({"memory_gb": "64"}, {"minReplicaMemoryGb": 64, "maxReplicaMemoryGb": 64}),
        ({"max_replicas": "8"}, {"minReplicas": 2, "maxReplicas": 8}),
        ({"min_replicas": "3", "max_replicas": "3"}, {"minReplicas": 3, "maxReplicas": 3}),
        ({"idle_timeout_minutes": "60"}, {"idleTimeoutMinutes": 60}),
    ],
)
def test_in_a_horizontal_group_pairs_travel_together(
    sign_in: SignIn, sandbox: RunningSandbox, typed: Mapping[str, str], patch: dict[str, object]
) -> None:
    dana = sign_in("dana")
    draft(dana, sandbox, CAMPAIGNS, **typed)
    page = confirm(dana, CAMPAIGNS)
    assert sandbox.patches() == [patch]
    assert "Accepted, waiting for the schedule" in page.main


def test_a_second_press_the_back_button_and_a_refresh_send_nothing(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    review = draft(alice, sandbox)
    other_window = alice.clone()
    other_window.get(review.path)
    change = confirm(alice)
    assert confirm(other_window).path == change.path
    alice.get(review.path, to=change.path)
    alice.get(change.path)
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]


def test_twelve_presses_at_once_send_one_patch(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    # ASVS 2.3.4, 15.4.1
    alice = sign_in("alice")
    page = draft(alice, sandbox)
    path = page.path.replace("/review", "/confirm")
    statuses = at_once([press(alice, path, page.csrf_token) for _ in range(12)])
    assert statuses == [303] * 12
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]


@pytest.fixture
def couple(start_portal: StartPortal, sandbox: RunningSandbox) -> tuple[Browser, Browser]:
    """Alice and Bob at a portal where both may scale."""
    portal = start_portal(entry=NO_BUDGET, adapt=let_bob_scale)
    alice, bob = Browser(portal.url), Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    bob.sign_in(sandbox.person("bob"))
    return alice, bob


def test_of_two_people_at_once_one_gets_through(
    couple: tuple[Browser, Browser], sandbox: RunningSandbox
) -> None:
    presses = []
    for person, size in zip(couple, ("64", "32"), strict=True):
        page = draft(person, sandbox, max_memory_gb=size)
        presses.append(press(person, page.path.replace("/review", "/confirm"), page.csrf_token))
    assert at_once(presses) == [303, 409]
    assert len(sandbox.patches()) == 1


def test_the_second_person_sees_what_the_first_has_changed(
    couple: tuple[Browser, Browser], sandbox: RunningSandbox
) -> None:
    alice, bob = couple
    draft(alice, sandbox, max_memory_gb="64")
    draft(bob, sandbox, max_memory_gb="32", num_replicas="2")
    confirm(alice)
    page = bob.submit(f"Scale {REPORTING}", status=409)
    assert page.h1 == "Analytics reporting was changed by someone else"
    assert page.text(".lead").startswith("alice changed the configuration today ")
    assert page.text("table.comparison thead") == "Setting PreviousCurrentRequested"
    assert "Memory per replica 8 to 16 GB 8 to 64 GB 8 to 32 GB" in page.main
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]
    page = bob.get(page.link("Continue with my values"))
    assert (page.value("max_memory_gb"), page.value("num_replicas")) == ("32", "2")


def test_while_one_is_in_progress_nobody_else_gets_in(
    couple: tuple[Browser, Browser], sandbox: RunningSandbox
) -> None:
    alice, bob = couple
    draft(bob, sandbox, max_memory_gb="32")
    page = draft(alice, sandbox, max_memory_gb="64")
    sandbox.fault("PATCH", "timeout", seconds=30)
    path = page.path.replace("/review", "/confirm")
    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(press(alice, path, page.csrf_token))
        wait_until(lambda: sandbox.patches() != [])
        page = bob.submit(f"Scale {REPORTING}", status=409)
        assert "alice is changing this group at the moment." in page.main
        page = bob.get(group_path(sandbox))
        assert not page.has("Scale this group")
        assert page.link(f"See change {path.split('/')[2]}") == path.removesuffix("/confirm")
        assert "alice is changing this group" in bob.get(group_path(sandbox, part="live")).main
        sandbox.clear_faults()
        assert pressed.result(20) == 303
    assert len(sandbox.patches()) == 1


def test_a_configuration_that_changed_since_the_draft_stops_it(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.force(REPORTING, idleTimeoutMinutes=45)
    page = alice.submit(f"Scale {REPORTING}", status=409)
    assert "so your change was not sent" in page.main
    assert sandbox.writes() == []
    assert portal.execute("SELECT state, sent_at FROM changes") == [("draft", None)]


def test_what_stands_there_already_by_now_is_not_sent_and_the_page_says_so(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.force(REPORTING, maxReplicaMemoryGb=64)
    page = confirm(alice)
    assert page.text(".headline-state") == "No change needed"
    assert "By reading the configuration just before the change was to be sent." in page.main
    assert "No change needed" in alice.get(group_path(sandbox)).main
    assert sandbox.writes() == []


def test_a_group_that_is_gone_meanwhile_is_not_scaled(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.force(REPORTING, state="terminating")
    page = alice.submit(f"Scale {REPORTING}", status=409)
    assert "This group cannot be scaled at the moment." in page.text('[role="alert"]')
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "status", "status": 502}, 504),
        ({"kind": "status", "status": 429}, 503),
        ({"kind": "status", "status": 404}, 502),
        ({"kind": "reset"}, 504),
        ({"kind": "wrong_shape"}, 504),
    ],
)
def test_when_cloud_cannot_be_read_first_nothing_is_sent_and_the_draft_stays(
    sign_in: SignIn, sandbox: RunningSandbox, fault: dict[str, object], status: int
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.fault("GET .*/services/", **fault)  # type: ignore[arg-type] # kind among the others
    page = alice.submit(f"Scale {REPORTING}", status=status)
    assert page.h1 == "Review changes to Analytics reporting"
    assert page.soup.select_one('[role="alert"]') is not None
    assert sandbox.writes() == []
    confirm(alice)
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]


def test_without_a_place_to_write_the_intent_nothing_is_sent(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    # ASVS 16.5.2
    portal = start_portal(entry=NO_BUDGET)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    draft(alice, sandbox)
    portal.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON changes BEGIN SELECT no_such_function(); END"
    )
    alice.submit(f"Scale {REPORTING}", status=503)
    assert sandbox.writes() == []
    portal.execute("DROP TRIGGER full")
    alice.submit(f"Scale {REPORTING}", to=TO_CHANGE)


def test_whoever_has_changed_it_in_another_tab_is_told_so(
    couple: tuple[Browser, Browser], sandbox: RunningSandbox
) -> None:
    alice, _ = couple
    other_tab = alice.clone()
    draft(alice, sandbox, max_memory_gb="64")
    draft(other_tab, sandbox, num_replicas="2")
    reference = confirm(alice).h1.split()[1]
    told = other_tab.submit(f"Scale {REPORTING}", status=409).text(".lead")
    assert told.startswith("You changed the configuration today ")
    assert f"change {reference}" in told
