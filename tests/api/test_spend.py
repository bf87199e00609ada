"""What groups cost, for programs: exact amounts, and only of the groups that they may see."""

from decimal import Decimal

from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import CAMPAIGNS, REPORTING, group_path
from tests.conftest import StartPortal
from tests.support.sandbox import RunningSandbox
from tests.support.spend import write_spend


def test_days_months_and_rates_are_told(start_portal: StartPortal, sandbox: RunningSandbox) -> None:
    portal = start_portal(PORTAL_WORKER="apart")
    ids = {name: sandbox.service_id(name) for name in (REPORTING, CAMPAIGNS)}
    write_spend(portal, {ids[REPORTING]: "0.123456789", ids[CAMPAIGNS]: "777"})
    client = ApiClient(portal.url, sandbox.person("bob"))
    body = client.get(group_path(sandbox, REPORTING, "spend")).body
    assert len(body["days"]) == 30
    today, yesterday = body["days"][-1], body["days"][-2]
    assert (today["source"], Decimal(today["amount"])) == ("estimate", Decimal("3.903"))
    assert Decimal(yesterday["amount"]) == Decimal("0.123456789")
    assert (yesterday["source"], yesterday["may_change"]) == ("report", True)
    assert Decimal(body["estimated"]) == Decimal("3.903")
    assert Decimal(body["saved"]["by_boosts"]) == Decimal("1.9515")
    assert (body["per_hour"]["currency"], body["per_hour"]["most"]) == ("USD", "0.78")
    assert body["fault"] is None
    by_period = {it["period"]: it for it in body["budgets"]}
    assert (by_period["day"]["budget"], by_period["day"]["percent"]) == ("16", 24)
    (warehouse,) = client.get("/api/v1/spend?warehouse=analytics").body["warehouses"]
    assert warehouse["groups"][0]["service_id"] == ids[REPORTING]
    assert ids[CAMPAIGNS] not in str(warehouse)
    assert "days" not in warehouse["groups"][0]


def test_whoever_may_not_see_a_group_does_not_see_what_it_costs(
    call: Call, sandbox: RunningSandbox
) -> None:
    path = group_path(sandbox, REPORTING, "spend")
    assert call("charlie").get(path, 404).code
    assert call("charlie").get("/api/v1/spend?warehouse=analytics").body == {"warehouses": []}
    assert call("alice").get(group_path(sandbox, CAMPAIGNS, "spend"), 401)
