"""The states of what groups cost: nothing known, known, and a key that may not read it."""

from collections.abc import Iterator

from app.services.spend.reader import NO_PERMISSION
from tests.pages.people import REPORTING, group_path
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.spend import refuse_costs, write_spend

AMOUNTS = {REPORTING: "12.34", "Analytics primary": "1234.5"}


def spend(alice: Browser, portal: PortalProcess, sandbox: RunningSandbox) -> Iterator[str]:
    """Alice's browser stands at each state that is named."""
    alice.get("/spend")
    yield "spend-nothing-known"
    write_spend(portal, {sandbox.service_id(name): amount for name, amount in AMOUNTS.items()})
    alice.get("/spend")
    yield "spend"
    alice.get(group_path(sandbox))
    yield "group-spend"
    refuse_costs(portal, NO_PERMISSION)
    alice.get("/spend")
    yield "spend-refused"
