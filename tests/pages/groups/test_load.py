"""The load on the page of a group: charts, the same as a table, and what Cloud's rule advises."""

from typing import Any

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, group_path
from tests.support.browser import Browser, Page
from tests.support.load import write_load
from tests.support.page_checks import words
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

NOTHING = "\N{EN DASH}"


def spend_freely(config: dict[str, Any]) -> None:
    """Late in the day two days of load would have used up the budget of the group."""
    for group in config["warehouses"][0]["groups"]:
        if group["name"] == REPORTING:
            del group["limits"]["budget"]


@pytest.fixture
def loaded(start_portal: StartPortal, sandbox: RunningSandbox) -> PortalProcess:
    """A portal that knows two days of one group, in which queries failed."""
    portal = start_portal(adapt=spend_freely)
    write_load(portal, sandbox.service_id(REPORTING), failures=12)
    return portal


def signed_in(portal: PortalProcess, sandbox: RunningSandbox, name: str = "alice") -> Browser:
    """Somebody at this portal."""
    browser = Browser(portal.url)
    browser.sign_in(sandbox.person(name))
    return browser


def chosen_in(form: Page) -> list[str]:
    """The sizes that the form is filled with."""
    return [str(item["value"]) for item in form.soup.select("main option[selected]")]


def test_without_figures_it_says_so(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = sign_in("bob").get(group_path(sandbox, "Analytics primary"))
    assert words(page.soup.select("section.load")[0]) == "Load No data yet."


def test_charts_advice_and_table_stand_before_the_history(
    loaded: PortalProcess, sandbox: RunningSandbox
) -> None:
    page = signed_in(loaded, sandbox).get(group_path(sandbox))
    (section,) = page.soup.select("section.load")
    text = words(section)
    assert "12 queries failed for memory in the last 24 hours." in text
    assert "was 15.2 of 16 GB" in text
    assert "24 GB per replica would fit" in text
    assert "Up to $1.56 per hour (currently up to $0.78)" in text
    assert "More replicas would give a single query no more memory." in text
    charts = section.select("svg[role=img]")
    assert [words(chart.select("title")[0]) for chart in charts] == [
        "Highest memory use of a replica",
        "CPU of the busiest replica",
    ]
    assert "Queries that failed for memory: 12." in words(charts[0].select("desc")[0])
    assert len(charts[0].select(".chart-line")) == 2, "broken while it was idle"
    assert len(charts[0].select(".chart-idle")) == 1
    assert len(charts[0].select(".chart-failed")) == 1
    assert len(charts[0].select(".chart-band")) == 1
    rows = [[words(cell) for cell in row.select("td")] for row in section.select("tbody tr")]
    assert ["15.2", "16", "50", "3", "12", "1", NOTHING] in rows
    assert rows.count(["Idle", NOTHING]) == 1
    headings = [words(item) for item in page.soup.select("h2")]
    assert headings.index("Load") < headings.index("History")


@pytest.mark.parametrize("span", ["day", "week", "month", "year", "\N{SNOWMAN}"])
def test_one_can_look_further_back_by_a_link(
    loaded: PortalProcess, sandbox: RunningSandbox, span: str
) -> None:
    page = signed_in(loaded, sandbox).get(f"{group_path(sandbox)}?load={span}")
    (current,) = page.soup.select("section.load [aria-current]")
    shown = {"week": "7 days", "month": "30 days"}.get(span, "24 hours")
    assert words(current) == shown


def test_the_link_fills_the_form_and_nothing_is_changed(
    loaded: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = signed_in(loaded, sandbox)
    link = alice.get(group_path(sandbox)).soup.select(".load-advice a")[0]
    assert words(link) == "Fill the form with 1 \N{MULTIPLICATION SIGN} 8 to 32 GB"
    form = alice.get(str(link["href"]))
    assert chosen_in(form) == ["8", "32"]
    assert "advises. Nothing has been changed yet." in form.main
    assert not sandbox.patches()


def test_without_advice_the_form_shows_what_is_configured(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    form = sign_in("alice").get(f"{group_path(sandbox)}/scale?advice=1")
    assert "Nothing is advised now. This is what is configured." in form.main
    assert chosen_in(form) == ["8", "16"]


def test_whoever_may_not_scale_reads_the_advice_without_a_link(
    loaded: PortalProcess, sandbox: RunningSandbox
) -> None:
    page = signed_in(loaded, sandbox, "bob").get(group_path(sandbox))
    assert "24 GB per replica would fit" in page.main
    assert not page.soup.select(".load-advice a")


def test_the_part_that_is_asked_for_again_and_again_has_no_chart(
    loaded: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = signed_in(loaded, sandbox)
    alice.get(group_path(sandbox))
    part = alice.get(f"{group_path(sandbox)}/live")
    assert not part.soup.select("section.load, .chart")
    (place,) = part.soup.select("#load")
    assert place.has_attr("data-keep")
    assert words(place) == ""


def test_a_boost_and_a_window_are_drawn_and_told(
    loaded: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = signed_in(loaded, sandbox)
    path = group_path(sandbox, part="schedule")
    alice.get(f"{path}/edit")
    days = {f"w0_{day}": "y" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    hours = {"w0_name": "All day", "w0_start": "00:00", "w0_end": "24:00"}
    alice.submit("Review schedule", {**days, **hours})
    alice.submit("Save schedule", to=path)
    alice.get(f"{group_path(sandbox, part='scale')}?boost=1")
    alice.submit("Review changes", {"max_memory_gb": "64", "lasts": "60"}, to=TO_REVIEW)
    alice.submit(f"Boost {REPORTING}", to=TO_CHANGE)
    for table, column in (("schedule_versions", "saved_at"), ("changes", "sent_at")):
        loaded.age(table, column, 3 * 3600)
    (section,) = alice.get(f"{group_path(sandbox)}?load=week").soup.select("section.load")
    for chart in section.select("svg[role=img]"):
        assert len(chart.select(".chart-boost")) == 1
        assert len(chart.select(".chart-window")) in {1, 2}
        assert "Boosts: 1. Windows of the schedule: “All day”" in words(chart.select("desc")[0])
    told = [words(row.select("td")[-1]) for row in section.select("tbody tr")]
    assert any("Boost" in name and "All day" in name for name in told)
    assert "Thick bars under the chart: boosts." in words(section)


def test_the_list_has_the_last_day_in_each_row(
    loaded: PortalProcess, sandbox: RunningSandbox
) -> None:
    page = signed_in(loaded, sandbox).get("/groups")
    rows = {words(row.select("th a")[0]): row for row in page.soup.select("tbody tr")}
    assert "95 %" in [words(cell) for cell in rows[REPORTING].select("td")]
    assert len(rows[REPORTING].select("svg.spark")) == 1
    assert not rows["Analytics primary"].select("svg.spark")


def test_the_worker_reads_the_load_while_nobody_looks(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(PORTAL_LOAD="on")
    count = "SELECT count(*) FROM load_buckets"
    wait_until(lambda: portal.execute(count)[0][0] >= 3)
    activities = {row[0] for row in portal.execute("SELECT activity FROM load_buckets")}
    assert 2 in activities, "some group works"
    alice = signed_in(portal, sandbox)
    watched = "SELECT count(*) FROM load_targets WHERE watched_at IS NOT NULL"
    alice.get(group_path(sandbox))
    assert portal.execute(watched)[0][0] == 1


def test_a_load_that_cannot_be_read_is_told_and_the_page_is_there(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    sandbox.fault("GET .*/prometheus$", "not_json", times=None)
    portal = start_portal(PORTAL_LOAD="on")
    faulty = "SELECT count(*) FROM load_targets WHERE error <> ''"
    wait_until(lambda: portal.execute(faulty)[0][0] >= 1)
    (service_id,) = portal.execute("SELECT service_id FROM load_targets WHERE error <> ''")[0]
    page = signed_in(portal, sandbox).get(f"/groups/{service_id}")
    assert "Unknown: the load cannot be read at the moment." in page.main
