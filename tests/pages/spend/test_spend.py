"""What groups cost, on the page of all of them and on that of each."""

from datetime import UTC, datetime

import pytest

from app.services.spend.reader import NO_PERMISSION
from tests.conftest import SignIn, StartPortal
from tests.pages.people import REPORTING, group_path
from tests.support.browser import Browser
from tests.support.page_checks import words
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.spend import refuse_costs, write_spend
from tests.support.waiting import wait_until

PRIMARY, CAMPAIGNS = "Analytics primary", "Marketing campaigns"


@pytest.fixture
def costly(start_portal: StartPortal, sandbox: RunningSandbox) -> PortalProcess:
    """A portal that knows what three groups cost, and makes no figures of its own."""
    portal = start_portal(PORTAL_WORKER="apart")
    amounts = {PRIMARY: "20.005", REPORTING: "30", CAMPAIGNS: "777"}
    write_spend(portal, {sandbox.service_id(key): it for key, it in amounts.items()})
    return portal


def signed_in(portal: PortalProcess, sandbox: RunningSandbox, name: str = "alice") -> Browser:
    """Somebody at this portal."""
    browser = Browser(portal.url)
    browser.sign_in(sandbox.person(name))
    return browser


def month_of(amount: float, today: float) -> str:
    """What a month with this amount on each day comes to by now."""
    return f"${(datetime.now(UTC).day - 1) * amount + today:,.2f}"


def test_groups_stand_by_cost_with_what_they_cost_now_and_at_most(
    costly: PortalProcess, sandbox: RunningSandbox
) -> None:
    page = signed_in(costly, sandbox).get("/spend")
    rows = [[words(cell) for cell in row.select("th, td")] for row in page.soup.select("tbody tr")]
    by_name = {row[0]: row[1:] for row in rows}
    known = [float(row[1].split("$")[1].replace(",", "")) for row in rows if "$" in row[1]]
    assert known == sorted(known, reverse=True)
    assert by_name[REPORTING][0] == month_of(30, 3.90)
    assert by_name[REPORTING][2:5] == ["$0.39 to $0.78", "$0.78", "$1.95"]
    assert len(rows) == 5
    assert "Compute this month so far At least $" in page.main, "of some groups today is not known"


def test_storage_and_backup_are_the_warehouses_and_replicas_stand_against_the_bound(
    costly: PortalProcess, sandbox: RunningSandbox
) -> None:
    text = signed_in(costly, sandbox).get("/spend").main
    days = datetime.now(UTC).day - 1
    amount = f"${days * 3:,.2f}" if days else "Unknown"
    assert f"Storage and backup this month {amount} Of the warehouse" in text
    assert "Replicas 8 of 20" in text
    assert "Boosts that ended $3.90, schedules $0.00." in text


def test_nobody_sees_what_groups_of_others_cost(
    costly: PortalProcess, sandbox: RunningSandbox
) -> None:
    dana = signed_in(costly, sandbox, "dana").get("/spend")
    assert [words(it) for it in dana.soup.select("tbody th")] == [CAMPAIGNS]
    assert "Analytics" not in dana.main


def test_the_page_of_a_group_has_its_days_as_bars_and_as_a_table(
    costly: PortalProcess, sandbox: RunningSandbox
) -> None:
    page = signed_in(costly, sandbox, "bob").get(group_path(sandbox))
    (section,) = page.soup.select("section.spend")
    (chart,) = section.select("svg[role=img]")
    assert words(chart.select("title")[0]) == "Cost of the last 30 days"
    assert "30 of 30 days are known, 1 of them estimated. Highest $30.00" in words(chart)
    kinds = [str(bar["class"]) for bar in chart.select("rect")]
    assert len(kinds) == 30
    assert ["bar-locked" in it for it in kinds].count(True) == 28
    rows = [[words(cell) for cell in row.select("td")] for row in section.select("tbody tr")]
    assert rows[:3] == [
        ["$3.90", "Estimate"],
        ["$30.00", "Cloud, may change"],
        ["$30.00", "Cloud"],
    ]
    assert f"This month so far {month_of(30, 3.90)} Of this $3.90 is estimated." in words(section)
    headings = [words(item) for item in page.soup.select("h2")]
    assert headings.index("Load") < headings.index("Spend") < headings.index("History")


def test_what_the_key_lacks_is_said_and_estimates_go_on(
    costly: PortalProcess, sandbox: RunningSandbox
) -> None:
    refuse_costs(costly, NO_PERMISSION)
    alice = signed_in(costly, sandbox)
    assert "control-plane:organization:view" in alice.get("/spend").main
    (section,) = alice.get(group_path(sandbox)).soup.select("section.spend")
    assert "control-plane:organization:view" in words(section)
    assert "is estimated." in words(section)


def with_budget(config: Config) -> None:
    """One dollar a day for the group of reports."""
    (own,) = (it for it in config["warehouses"][0]["groups"] if it["name"] == REPORTING)
    own["limits"]["budget"] = {"per_day": 1}


def test_a_budget_that_is_used_up_is_told_on_the_pages_before_the_form_is_sent(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(adapt=with_budget, PORTAL_WORKER="apart")
    write_spend(portal, {sandbox.service_id(REPORTING): "1"})
    alice = signed_in(portal, sandbox)
    used_up = "The budget of this group for this day is used up"
    page = alice.get(group_path(sandbox))
    assert used_up in words(page.soup.select("section.spend")[0])
    assert "390 % of the budget for today: $3.90 of $1.00. It is used up." in page.main
    assert used_up in alice.get(f"{group_path(sandbox)}/scale").main


def test_without_any_figure_it_says_so(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    (section,) = alice.get(group_path(sandbox, PRIMARY)).soup.select("section.spend")
    assert words(section) == "Spend No data yet."
    page = alice.get("/spend")
    assert "ClickHouse Cloud's figures were not read yet." in page.main
    cells = page.soup.select("td[data-label='This month so far']")
    assert {words(it) for it in cells} == {"\N{EN DASH}"}
    assert "Compute this month so far Unknown" in page.main


def test_the_worker_reads_the_report_while_nobody_looks(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    sandbox.control("POST", "/costs", {"rows": [None, {"date": "soon"}, 7], "at": "start"})
    portal = start_portal(PORTAL_COSTS="on")
    wait_until(lambda: portal.execute("SELECT count(*) FROM spend_days")[0][0] > 0)
    assert portal.execute("SELECT count(*) FROM spend_days")[0][0] == 30 * 8
    assert "$" in signed_in(portal, sandbox).get(group_path(sandbox)).main


def test_a_key_that_is_refused_costs_nobody_anything_else(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    sandbox.control("POST", "/settings", {"are_costs_refused": True})
    portal = start_portal(PORTAL_COSTS="on")
    wait_until(lambda: portal.execute("SELECT count(*) FROM spend_readings")[0][0] == 2)
    alice = signed_in(portal, sandbox)
    assert "lacks the permission to read costs" in alice.get("/spend").main
    assert "Running" in alice.get(group_path(sandbox)).main
