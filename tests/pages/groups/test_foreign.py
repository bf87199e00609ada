"""A group of another warehouse does not exist, by whatever address."""

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, confirm, draft, group_path, reference_of
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

HIDDEN = ("Marketing", "campaigns", "dana", "europe-west4", "Campaign days")


def assert_hidden(page: Page) -> None:
    assert page.h1 == "Page not found"
    for name in HIDDEN:
        assert name not in page.response.text


@pytest.fixture
def alice(sign_in: SignIn) -> Browser:
    """Alice, on a page with a form."""
    browser = sign_in("alice")
    browser.get("/groups")
    return browser


@pytest.mark.parametrize("part", ["", "live", "scale"])
def test_a_foreign_group_cannot_be_opened(
    alice: Browser, sandbox: RunningSandbox, part: str
) -> None:
    # ASVS 8.2.2
    assert_hidden(alice.get(group_path(sandbox, CAMPAIGNS, part), 404))


# ASVS 8.4.1
def test_a_foreign_group_looks_like_one_that_does_not_exist(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    unknown = "0c000000-0000-4000-8000-0000000000ff"
    pages = [alice.get(f"/groups/{key}", 404) for key in (sandbox.service_id(CAMPAIGNS), unknown)]
    assert pages[0].text("h1, .lead") == pages[1].text("h1, .lead")


def test_a_foreign_group_cannot_be_asked_to_scale(alice: Browser, sandbox: RunningSandbox) -> None:
    forged = {
        "csrf_token": alice.page.csrf_token,
        "memory_gb": "64",
        "min_replicas": "2",
        "max_replicas": "6",
        "idle_scaling": "on",
        "idle_timeout_minutes": "15",
        "reason": "",
        "drawn_from": "horizontal:32:32:2:6:1:15",
    }
    assert_hidden(alice.post(group_path(sandbox, CAMPAIGNS, "scale"), forged, status=404))
    assert sandbox.writes() == []


@pytest.mark.parametrize("part", ["", "/live", "/review"])
@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_change_of_a_foreign_group_cannot_be_seen(
    alice: Browser, sign_in: SignIn, sandbox: RunningSandbox, part: str, is_confirmed: bool
) -> None:
    reference = made_by_dana(sign_in("dana"), sandbox, is_confirmed=is_confirmed)
    assert_hidden(alice.get(f"/changes/{reference}{part}", 404))


@pytest.mark.parametrize("action", ["confirm", "close"])
def test_a_change_of_a_foreign_group_cannot_be_touched(
    alice: Browser, sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, action: str
) -> None:
    # ASVS 8.2.2, 2.3.1
    reference = made_by_dana(sign_in("dana"), sandbox, is_confirmed=False)
    forged = {"csrf_token": alice.page.csrf_token}
    assert_hidden(alice.post(f"/changes/{reference}/{action}", forged, status=404))
    assert sandbox.writes() == []
    assert portal.execute("SELECT state FROM changes") == [("draft",)]


def test_a_draft_is_no_way_into_another_persons_values(
    alice: Browser, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    reference = made_by_dana(sign_in("dana"), sandbox, is_confirmed=False)
    page = alice.get(group_path(sandbox, part=f"scale?from={reference}"))
    assert page.value("max_memory_gb") == "16"


def made_by_dana(dana: Browser, sandbox: RunningSandbox, *, is_confirmed: bool) -> str:
    page = draft(dana, sandbox, CAMPAIGNS, memory_gb="64")
    return reference_of(confirm(dana, CAMPAIGNS) if is_confirmed else page)
