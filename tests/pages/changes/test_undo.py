"""Undoing the last change: its values before, through the form and the review like any other."""

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.sandbox import RunningSandbox

UNDO = "Undo this change …"
UNDO_LAST = "Undo the last change …"


def grow(alice: Browser, sandbox: RunningSandbox) -> Page:
    """From 8 to 16 GB in one replica to 8 to 64 GB in two."""
    draft(alice, sandbox, max_memory_gb="64", num_replicas="2")
    return confirm(alice)


def test_the_form_is_filled_with_the_values_before_and_leads_to_the_review(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    made = grow(alice, sandbox)
    page = alice.get(made.link(UNDO))
    assert (page.value("max_memory_gb"), page.value("num_replicas")) == ("16", "1")
    assert page.value("reason") == f"Undo of change {made.h1.split()[1]}"
    assert len(sandbox.patches()) == 1
    page = alice.submit("Review changes", to=TO_REVIEW)
    assert "Total memory 8 to 128 GB" not in page.main
    assert "Memory per replica 8 to 64 GB 8 to 16 GB (changed)" in page.text("table.comparison")
    confirm(alice)
    assert sandbox.patches()[-1] == {"maxReplicaMemoryGb": 16, "numReplicas": 1}


def test_the_group_page_shows_to_undo_the_last_change(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    assert not alice.get(group_path(sandbox)).has(UNDO_LAST)
    made = grow(alice, sandbox)
    page = alice.get(group_path(sandbox))
    assert page.link(UNDO_LAST) == f"{group_path(sandbox, part='scale')}?undo={made.h1.split()[1]}"
    assert "Back to 8 to 16 GB total." in page.text(".actions")
    sandbox.force(REPORTING, numReplicas=3)
    alice.get(made.path)
    assert not alice.page.has(UNDO)
    assert not alice.get(group_path(sandbox)).has(UNDO_LAST)


def test_what_others_changed_since_stays(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    made = grow(alice, sandbox)
    sandbox.force(REPORTING, idleTimeoutMinutes=30)
    page = alice.get(made.link(UNDO))
    assert (page.value("max_memory_gb"), page.value("idle_timeout_minutes")) == ("16", "30")


def test_a_change_that_is_no_longer_there_is_not_undone(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    link = grow(alice, sandbox).link(UNDO)
    sandbox.force(REPORTING, numReplicas=3)
    page = alice.get(link)
    assert "is no longer in what is configured, which is shown here." in page.main
    assert page.value("num_replicas") == "3"


# ASVS 8.2.2
def test_nobody_learns_of_a_change_that_is_not_theirs_to_see(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    made = grow(sign_in("alice"), sandbox).h1.split()[1]
    path = group_path(sandbox, CAMPAIGNS, f"scale?undo={made}")
    page = sign_in("dana").get(path)
    assert made not in page.main
    assert page.value("max_replicas") == "6"
    assert "/scale" not in sign_in("bob").get(group_path(sandbox)).response.text


def test_a_change_of_another_group_fills_nothing_in(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    made = grow(alice, sandbox).h1.split()[1]
    for word in ("undo", "from"):
        page = alice.get(group_path(sandbox, "Analytics archive", f"scale?{word}={made}"))
        assert (page.value("max_memory_gb"), page.value("num_replicas")) == ("8", "1")
