"""The ways through the pages that several tests walk."""

import re

from tests.support.browser import Browser, Page
from tests.support.portal import Config
from tests.support.sandbox import RunningSandbox

REPORTING = "Analytics reporting"
CAMPAIGNS = "Marketing campaigns"
REFERENCE = "[2-9A-Z]{4}-[2-9A-Z]{4}"
TO_REVIEW = re.compile(rf"/changes/{REFERENCE}/review")
TO_CHANGE = re.compile(rf"/changes/{REFERENCE}")


def group_path(sandbox: RunningSandbox, group: str = REPORTING, part: str = "") -> str:
    """The address of a group's page, or of a part of it ("live", "scale")."""
    path = f"/groups/{sandbox.service_id(group)}"
    return f"{path}/{part}" if part else path


def draft(browser: Browser, sandbox: RunningSandbox, group: str = REPORTING, **fields: str) -> Page:
    """Ask for another size, by default 64 GB at most, up to the review page."""
    browser.get(group_path(sandbox, group, "scale"))
    given = fields or {"max_memory_gb": "64"}
    return browser.submit("Review changes", given, to=TO_REVIEW)


def confirm(browser: Browser, group: str = REPORTING) -> Page:
    """Confirm the draft that the browser shows, on to the change's page."""
    return browser.submit(f"Scale {group}", to=TO_CHANGE)


def reference_of(page: Page) -> str:
    """The reference of the change that a page is about."""
    found = re.search(REFERENCE, page.path)
    assert found, page.path
    return found[0]


def let_bob_scale(config: Config) -> None:
    """Give Bob the permission that Alice has."""
    config["warehouses"][0]["access"][0]["users"].append("bob")
