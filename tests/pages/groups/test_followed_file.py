"""What pages follow of the file of groups while the portal runs: words, people, Terraform."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.conftest import SignIn
from tests.pages.people import REPORTING, group_path
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox


@pytest.fixture
def rules(portal: PortalProcess) -> Iterator[PortalProcess]:
    """The portal that all share; its rules are put back afterwards."""
    yield portal
    portal.configure(dict)


def group_of(config: Config) -> dict[str, Any]:
    """The group of the file that the tests change."""
    groups = config["warehouses"][0]["groups"]
    found: dict[str, Any] = next(item for item in groups if item["name"] == REPORTING)
    return found


def test_title_note_and_contact_count_without_a_restart(rules: PortalProcess) -> None:
    own = {
        "title": "Scaling at Example",
        "contact": "Zoe of the data team",
        "note": "**Sunday** off",
    }
    rules.configure(lambda config: config["portal"].update(own))
    # Without the checks of every page, which know the title of the other tests alone.
    page = requests.get(f"{rules.url}/sign-in", timeout=10).text
    assert "Scaling at Example</title>" in page
    assert "Help: ask Zoe of the data team." in page
    assert "<strong>Sunday</strong>" in page


def test_the_page_of_a_group_has_the_block_for_terraform(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("alice").get(group_path(sandbox))
    assert 'resource "clickhouse_service" "analytics_reporting" {' in page.main
    assert "managed by Terraform" not in page.main


def test_a_group_that_terraform_manages_warns_before_the_form(
    sign_in: SignIn, sandbox: RunningSandbox, rules: PortalProcess
) -> None:
    alice = sign_in("alice")
    rules.configure(lambda config: group_of(config).update(managed_by="terraform"))
    for part in ("", "scale"):
        page = alice.get(group_path(sandbox, REPORTING, part))
        assert "This group is managed by Terraform too." in page.main


def test_a_view_only_group_can_be_changed_by_nobody(
    sign_in: SignIn, sandbox: RunningSandbox, rules: PortalProcess
) -> None:
    alice = sign_in("alice")
    rules.configure(lambda config: group_of(config).update(managed_by="terraform", view_only=True))
    page = alice.get(group_path(sandbox))
    assert "This group is managed by Terraform and view-only here." in page.main
    alice.get(group_path(sandbox, REPORTING, "scale"), 403)
