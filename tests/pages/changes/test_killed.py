"""The portal is killed between the steps of a change: nothing is doubled, and the page knows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.conftest import StartPortal
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until


@pytest.fixture
def killable(start_portal: StartPortal) -> PortalProcess:
    """A portal to be killed."""
    return start_portal(entry=NO_BUDGET)


@pytest.fixture
def alice(killable: PortalProcess, sandbox: RunningSandbox) -> Browser:
    """Alice, signed in there."""
    browser = Browser(killable.url)
    browser.sign_in(sandbox.person("alice"))
    return browser


def headline(page: Page) -> str:
    return page.text(".headline-state")


def kill_while_sending(portal: PortalProcess, browser: Browser) -> str:
    """Press the button, kill the portal as soon as Cloud has the PATCH. Returns the change."""
    path = browser.page.path.removesuffix("/review")
    fields = {"csrf_token": browser.page.csrf_token}
    headers = {"Sec-Fetch-Site": "same-origin"}
    window = browser.clone()

    def press() -> None:
        with pytest.raises(requests.ConnectionError):
            window.fetch("POST", f"{path}/confirm", data=fields, headers=headers)

    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(press)
        wait_until(lambda: portal.sandbox.patches() != [])
        portal.kill()
        pressed.result(10)
    return path


def test_killed_between_form_and_review(
    alice: Browser, killable: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice.get(group_path(sandbox, part="scale"))
    killable.restart()
    alice.submit("Review changes", {"max_memory_gb": "64"}, to=TO_REVIEW)
    killable.restart()
    assert headline(confirm(alice)) == "Accepted, taking effect"
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]


def test_killed_after_the_outcome(
    alice: Browser, killable: PortalProcess, sandbox: RunningSandbox
) -> None:
    review = draft(alice, sandbox).path
    before = confirm(alice)
    killable.restart()
    after = alice.get(before.path)
    assert after.text(".steps") == before.text(".steps")
    alice.get(review, to=before.path)
    assert len(sandbox.patches()) == 1


def test_killed_while_cloud_holds_what_it_never_carries_out(
    alice: Browser, killable: PortalProcess, sandbox: RunningSandbox
) -> None:
    draft(alice, sandbox)
    sandbox.fault("PATCH", "timeout", seconds=60)
    path = kill_while_sending(killable, alice)
    killable.start()
    page = alice.get(path)
    assert headline(page) == "Being sent"
    assert not alice.get(group_path(sandbox)).has("Scale this group")
    # Pressing again, or going back to the review page, sends nothing.
    alice.post(f"{path}/confirm", {"csrf_token": page.csrf_token}, to=path)
    alice.get(f"{path}/review", to=path)
    killable.age("changes", "sent_at", 181)
    page = alice.get(path)
    assert headline(page) == "Failed"
    assert "The portal stopped before ClickHouse Cloud's answer came." in page.main
    assert len(sandbox.patches()) == 1
    assert alice.get(group_path(sandbox)).has("Scale this group")


def test_killed_after_cloud_carried_it_out_and_before_its_answer(
    alice: Browser, killable: PortalProcess, sandbox: RunningSandbox
) -> None:
    draft(alice, sandbox)
    sandbox.fault("PATCH", "slow", seconds=60)
    path = kill_while_sending(killable, alice)
    killable.age("changes", "sent_at", 181)
    killable.start()  # which settles by itself what it can, once the dead one's lease is over
    settled = "SELECT state, settled_by FROM changes"
    wait_until(lambda: killable.execute(settled) == [("applied", "reading")], seconds=25)
    page = alice.get(path)
    assert headline(page) in {"As requested, taking effect", "In effect"}
    assert "By reading the configuration back." in page.main
    assert "Whether this change or another made it so cannot be told." in page.main
    assert len(sandbox.patches()) == 1


# ASVS 2.3.3
def test_killed_between_the_intent_and_the_call(
    alice: Browser, killable: PortalProcess, sandbox: RunningSandbox
) -> None:
    path = draft(alice, sandbox).path.removesuffix("/review")
    killable.kill()
    killable.execute("UPDATE changes SET state = 'applying', sent_at = created_at")
    killable.start()
    assert headline(alice.get(path)) == "Being sent"
    killable.age("changes", "sent_at", 181)
    assert headline(alice.get(path)) == "Failed"
    draft(alice, sandbox)
    alice.submit(f"Scale {REPORTING}", to=TO_CHANGE)
    assert len(sandbox.patches()) == 1


# ASVS 2.3.3
def test_killed_with_an_open_outcome(
    alice: Browser, killable: PortalProcess, sandbox: RunningSandbox
) -> None:
    draft(alice, sandbox)
    sandbox.fault("PATCH", "reset")
    path = confirm(alice).path
    killable.restart()
    assert headline(alice.get(path)) == "The outcome is not known yet"
    killable.age("changes", "sent_at", 181)
    assert headline(alice.get(path)) == "Failed"
    assert len(sandbox.patches()) == 1
