"""A tag that is new at Cloud tells people apart at once, though their pages were one before."""

from collections.abc import Iterator

import pytest

from tests.conftest import SignIn
from tests.support.portal import Config, PortalProcess


@pytest.fixture
def rules(portal: PortalProcess) -> Iterator[PortalProcess]:
    """The portal that all share; its rules are put back afterwards."""
    yield portal
    portal.configure(dict)


def confidential(config: Config) -> None:
    """Both may look at everything, Bob at nothing that is confidential."""
    warehouse = config["warehouses"][0]
    warehouse["access"] = [{"users": ["alice", "bob"], "permissions": ["viewer"]}]
    warehouse["by_tag"] = [
        {"tag": "Confidential", "access": [{"users": ["bob"], "deny": ["viewer"]}]}
    ]
    for group in warehouse["groups"]:
        group.pop("access", None)


def test_a_group_that_a_tag_denies_is_not_shown_though_somebody_else_may_see_it(
    rules: PortalProcess, sign_in: SignIn
) -> None:
    alice, bob = sign_in("alice"), sign_in("bob")
    rules.configure(confidential)
    for browser in (alice, bob):
        assert "Analytics reporting" in browser.get("/groups").main
    rules.sandbox.force("Analytics reporting", tags=[{"key": "Confidential", "value": ""}])
    rules.execute("UPDATE readings SET tried_at = NULL")
    alice.get("/groups")  # Cloud is read again
    reporting = f"/groups/{rules.sandbox.service_id('Analytics reporting')}"
    bob.get(reporting, 404)
    assert "Analytics reporting" in alice.get("/groups").main
    assert "Analytics reporting" not in bob.get("/groups").main
