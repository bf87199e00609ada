"""Finding groups among many, and what a page of very many weighs."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask, render_template

from app.domain.access.permissions import Permission
from app.domain.changes.actions import Action
from app.domain.changes.available_actions import ActionLists, actions_for
from app.domain.groups.catalog import About, WarehouseDefinition
from app.domain.groups.cost import Price
from app.domain.groups.group import ComputeGroup
from app.domain.groups.limits import Limits
from app.domain.groups.states import ServiceState, Tone
from app.domain.readings import Freshness
from app.domain.spend.rates import rate_of
from app.services.groups.editions import Edition
from app.services.groups.service import GroupsOverview
from app.services.pages.overview import OverviewDetails
from app.web.groups.filtering import (
    ON_A_PAGE,
    STATES,
    GroupFilter,
    filter_groups,
    parse_filter,
)
from app.web.groups.index_page import compose_index
from app.web.groups.index_part import Rows, draw_index
from app.web.groups.ordering import ORDERS, cost_of
from app.web.live import markup_of
from tests.unit.builders import NOW, VERTICAL, changed, make_definition, make_service

LARGEST_HTML_BYTES = 100_000
GROUPS = [
    ("Reporting", ServiceState.RUNNING, 32),
    ("archive", ServiceState.IDLE, 64),
    ("Month end", ServiceState.STOPPED, 8),
    ("Broken", ServiceState.FAILED, 16),
    ("Ad hoc", ServiceState.AWAKING, 120),
]


def make_group(name: str, state: ServiceState, memory_gb: int, number: int = 1) -> ComputeGroup:
    size = changed(VERTICAL, min_memory_gb=8, max_memory_gb=memory_gb, max_replicas=1)
    service_id = str(UUID(int=number))
    service = replace(make_service(), state=state, configured=size, effective=size)
    return ComputeGroup(make_definition(service_id, name), service, frozenset())


def make_overview(groups: list[ComputeGroup]) -> GroupsOverview:
    definitions = tuple(group.definition for group in groups)
    warehouse = WarehouseDefinition("analytics", "Analytics", definitions)
    return GroupsOverview(((warehouse, tuple(groups)),), Freshness(NOW, 0, None))


OVERVIEW = make_overview([make_group(*item, number) for number, item in enumerate(GROUPS)])


def names(**asked: str) -> list[str]:
    """The names found, in order, for the parameters of an address."""
    wanted = parse_filter(asked, ["analytics"])
    return [
        group.name for section in filter_groups(OVERVIEW, wanted, {}) for group in section.found
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Reporting", "archive", "Month end", "Broken", "Ad hoc"]),
        ({"q": "ARCH"}, ["archive"]),
        ({"q": "  end   month "}, ["Month end"]),
        ({"q": "idle"}, ["archive"]),
        ({"q": "nowhere"}, []),
        ({"state": "up"}, ["Reporting"]),
        ({"state": "off", "q": "report"}, []),
        ({"warehouse": "analytics", "state": "trouble"}, ["Broken"]),
        ({"sort": "name"}, ["Ad hoc", "archive", "Broken", "Month end", "Reporting"]),
        ({"sort": "size"}, ["Ad hoc", "archive", "Reporting", "Broken", "Month end"]),
        ({"sort": "state"}, ["Broken", "Ad hoc", "Reporting", "archive", "Month end"]),
        (
            {"sort": "<b>", "state": "up'--", "warehouse": "marketing"},
            [name for name, *_ in GROUPS],
        ),
    ],
)
def test_groups_are_found_and_ordered_and_unknown_values_count_as_not_given(
    asked: dict[str, str], found: list[str]
) -> None:
    assert names(**asked) == found


def test_names_are_ordered_as_people_count() -> None:
    groups = [make_group(f"group {number}", ServiceState.RUNNING, 8, number) for number in (10, 2)]
    found = ORDERS["name"].sort(groups, {}, is_reversed=False)
    assert [group.name for group in found] == ["group 2", "group 10"]


def test_every_state_can_be_asked_for() -> None:
    assert set(STATES) == set(Tone)


def test_links_keep_what_else_was_asked_for() -> None:
    wanted = GroupFilter(q="a b", sort="size")
    assert wanted.query(state="up") == {"q": "a b", "sort": "size", "state": "up"}
    assert wanted.query(q="") == {"sort": "size"}


def test_the_figures_of_a_warehouse_are_those_of_what_runs_whatever_is_looked_for() -> None:
    (section,) = filter_groups(OVERVIEW, GroupFilter(state="trouble"), {})
    assert len(section.groups) == 5
    assert [group.name for group in section.running] == ["Reporting"]
    assert section.running_gb == (24, 32)


HOURS = (*range(30, 90, 5), *(None,) * 6, *range(70, 40, -5))


def test_a_group_that_comes_up_costs_what_it_costs_on_the_page_of_spend() -> None:
    price = Decimal("0.3903")
    for state, is_paid in (
        (ServiceState.RUNNING, True),
        (ServiceState.STARTING, True),
        (ServiceState.AWAKING, True),
        (ServiceState.IDLE, False),
        (ServiceState.STOPPED, False),
    ):
        cost = cost_of(make_busy("one", state, 1))
        rate = rate_of(make_service(state=state), Price(price, "USD", date(2026, 11, 1)))
        assert cost is not None
        assert rate is not None
        assert (cost[1] > 0) == (rate.now_most > 0) == is_paid
    assert cost_of(make_busy("one", ServiceState.FAILED, 1)) is None


def make_details(groups: list[ComputeGroup]) -> OverviewDetails:
    hours = {group.service_id: HOURS for group in groups}
    return OverviewDetails(make_overview(groups), hours, {}, {}, {"analytics": 7})


def make_busy(name: str, state: ServiceState, number: int) -> ComputeGroup:
    """A group of which everything is told, for somebody who may do everything."""
    group = make_group(name, state, 32, number)
    about = About("Dashboards of the sales team", "data-platform@example.com", ("sales", "nightly"))
    limits = Limits(price=Price(Decimal("0.3903"), "USD", date(2026, 11, 1)))
    definition = replace(group.definition, about=about, limits=limits)
    return replace(group, definition=definition, permissions=frozenset(Permission))


def list_actions(groups: Sequence[ComputeGroup]) -> dict[str, ActionLists]:
    return {item.service_id: ActionLists(actions_for(item, contact="us")) for item in groups}


@pytest.mark.parametrize("count", [1, 5, 50, 100, 300])
def test_the_page_stays_light_however_many_groups_there_are(app: Flask, count: int) -> None:
    states = [state for _, state, _ in GROUPS]
    groups = [
        make_busy(f"Team {number} reporting group", states[number % 5], number)
        for number in range(count)
    ]
    details = make_details(groups)
    page = compose_index(details, GroupFilter(), list_actions)
    with app.test_request_context("/groups"):
        part = draw_index(page, Rows())
        html = render_template(
            "groups/index.html",
            part=part,
            html=markup_of(part),
            edition=Edition("an edition", details.overview.freshness),
            orders=[(value, order.words) for value, order in ORDERS.items()],
        )
    sys.stdout.write(f"{count} groups: {len(html.encode())} bytes of HTML\n")
    assert html.count("<tr><th") == min(count, ON_A_PAGE)
    assert len(html.encode()) < LARGEST_HTML_BYTES


def test_many_groups_stand_on_pages_and_every_one_of_them_on_one() -> None:
    groups = [
        make_group(f"Team {number}", ServiceState.RUNNING, 32, number) for number in range(250)
    ]
    details, seen = make_details(groups), list[str]()
    for number in ("", "2", "3", "4"):
        page = compose_index(details, GroupFilter(page=number), list_actions)
        seen += [group.name for section in page.sections for group in section.found]
        assert [query for _, query in page.pages] == [
            {},
            {"page": "2"},
            {"page": "3"},
            {"page": "4"},
        ]
    assert seen == [group.name for group in groups]
    beyond = compose_index(details, GroupFilter(page="99"), list_actions)
    assert (beyond.found.number, len(beyond.sections[0].found)) == (4, 25)


@pytest.mark.parametrize("page", ["0", "1", "-1", "x", "٣", "99999999999", "1.5"])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert parse_filter({"page": page}, []).page == ""


def test_whatever_else_is_asked_for_begins_at_its_first_page() -> None:
    wanted = GroupFilter(sort="size", page="3")
    assert wanted.query() == {"sort": "size", "page": "3"}
    assert wanted.query(state="up") == {"sort": "size", "state": "up"}
    assert wanted.query(page="2") == {"sort": "size", "page": "2"}


def test_a_heading_asks_for_its_order_and_then_for_the_other_direction() -> None:
    def heading(wanted: GroupFilter, sort: str) -> tuple[dict[str, str], str]:
        return compose_index(make_details([]), wanted, list_actions).heading_of(sort)

    assert heading(GroupFilter(), "size") == ({"sort": "size"}, "")
    chosen = GroupFilter(sort="size")
    assert heading(chosen, "size") == ({"sort": "size", "reverse": "1"}, "descending")
    assert heading(GroupFilter(sort="size", reverse="1"), "size") == ({"sort": "size"}, "ascending")
    assert heading(GroupFilter(sort="size", reverse="1"), "name") == ({"sort": "name"}, "")
    assert heading(GroupFilter(sort="name"), "name")[1] == "ascending"


def test_what_is_not_known_stands_last_in_either_direction() -> None:
    unknown = replace(make_group("Unknown", ServiceState.UNKNOWN, 8, 9), service=None)
    groups = [unknown, *(make_group(*item, number) for number, item in enumerate(GROUPS))]
    for reverse in ("", "1"):
        wanted = GroupFilter(sort="size", reverse=reverse)
        (section,) = filter_groups(make_overview(groups), wanted, {})
        assert section.found[-1] is unknown
        assert section.found[0].name == ("Month end" if reverse else "Ad hoc")


def test_a_group_is_found_by_what_its_owners_say_and_by_its_tags() -> None:
    group = make_busy("Reporting", ServiceState.RUNNING, 1)
    for words in ("dashboards", "data-platform", "NIGHTLY", "sales team"):
        assert GroupFilter(q=words).finds(group)
    assert not GroupFilter(q="marketing").finds(group)


def test_a_closed_action_says_why_and_what_the_state_rules_out_is_no_news() -> None:
    running, failed = (
        compose_index(make_details([group]), GroupFilter(), list_actions).row_of(group)
        for group in (
            make_busy("Running", ServiceState.RUNNING, 1),
            make_busy("Failed", ServiceState.FAILED, 2),
        )
    )
    assert [item.action for item in running.actions.enabled] == [Action.SCALE, Action.STOP]
    assert running.closed == ()
    assert [item.action for item in failed.closed] == [Action.SCALE]
