"""What Cloud alone knows is learnt from its 400, and shown beside the field that it names."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox

PRIMARY = "Analytics primary"
FIXED = "Scaling is not available for services of fixed size"
REFUSED = "Rejected by ClickHouse Cloud"


@pytest.fixture
def portal_without_limits(portal: PortalProcess) -> Iterator[PortalProcess]:
    """The portal that all share, without the owners' own bound of two replicas at least."""

    def without_least(config: Config) -> None:
        for place in (config["warehouses"][0]["groups"][0], config["warehouses"][1]["groups"][0]):
            del place["limits"]

    portal.configure(without_least)
    yield portal
    portal.configure(dict)


def correct(browser: Browser, portal: PortalProcess) -> Page:
    """From the refused change's page back to the form."""
    assert browser.page.text(".headline-state") == REFUSED
    link = browser.page.link("Correct it")
    [(request_id,)] = portal.execute("SELECT cloud_request_id FROM changes")
    assert re.fullmatch("[0-9a-f-]{36}", request_id)
    page = browser.get(link)
    assert f"(its request id: {request_id})" in page.main
    assert urlsplit(page.response.url).path.endswith("/scale")
    return page


@pytest.mark.parametrize(
    ("person", "group", "typed", "field", "reason"),
    [
        ("alice", PRIMARY, {"num_replicas": "1"}, "num_replicas", "must be greater than 1"),
        ("dana", CAMPAIGNS, {"min_replicas": "1"}, "min_replicas", "must be greater than 1"),
    ],
)
def test_a_number_of_replicas_that_cloud_refuses(
    portal_without_limits: PortalProcess,
    sign_in: SignIn,
    sandbox: RunningSandbox,
    person: str,
    group: str,
    typed: dict[str, str],
    field: str,
    reason: str,
) -> None:
    browser = sign_in(person)
    draft(browser, sandbox, group, **typed)
    confirm(browser, group)
    page = correct(browser, portal_without_limits)
    assert page.problem(field).startswith("ClickHouse Cloud rejected this: ")
    assert reason in page.problem(field)
    assert page.value(field) == "1"
    assert len(page.summary) == 1
    page = browser.submit("Review changes", {field: "4"}, to=TO_REVIEW)
    assert page.h1 == f"Review changes to {group}"
    assert len(sandbox.patches()) == 1


@pytest.mark.parametrize(
    ("person", "group", "typed", "field"),
    [
        ("alice", REPORTING, {"max_memory_gb": "64"}, "max_memory_gb"),
        ("alice", REPORTING, {"min_memory_gb": "12"}, "min_memory_gb"),
        ("dana", CAMPAIGNS, {"memory_gb": "64"}, "memory_gb"),
    ],
)
def test_a_fixed_size_is_learnt_from_cloud(
    portal: PortalProcess,
    sign_in: SignIn,
    sandbox: RunningSandbox,
    person: str,
    group: str,
    typed: dict[str, str],
    field: str,
) -> None:
    sandbox.force(group, tier="development")
    browser = sign_in(person)
    draft(browser, sandbox, group, **typed)
    confirm(browser, group)
    page = correct(browser, portal)
    assert FIXED in page.problem(field)
    assert page.value(field) == typed[field]


def test_a_refusal_that_names_no_field_stands_above_the_form(
    portal: PortalProcess, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.fault("PATCH", "status", status=400)
    confirm(alice)
    page = correct(alice, portal)
    assert len(page.summary) == 1
    assert page.summary[0].startswith("ClickHouse Cloud rejected this: ")
    assert page.soup.select(".field.has-problem") == []
    assert page.value("max_memory_gb") == "64"


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        ({"profile": "v1-highmem-xl"}, "It has a custom hardware profile"),
        ({"byocId": "x"}, "It runs in your company's own cloud account"),
    ],
)
def test_what_is_known_is_said_before_asking(
    sign_in: SignIn, sandbox: RunningSandbox, summary: dict[str, str], words: str
) -> None:
    sandbox.force(REPORTING, **summary)
    alice = sign_in("alice")
    page = alice.get(group_path(sandbox))
    assert not page.has("Scale this group")
    assert words in page.text("details.disabled-actions")
    assert words in alice.get(group_path(sandbox, part="scale"), 409).main
    assert sandbox.writes() == []
