"""Finding groups among many, and what a page of very many weighs."""

import sys
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask, render_template

from app.domain.groups.catalog import WarehouseDefinition
from app.domain.groups.group import ComputeGroup
from app.domain.groups.states import ServiceState, Tone
from app.domain.readings import Freshness
from app.services.groups.editions import Edition
from app.services.groups.service import GroupsOverview
from app.web.groups.filtering import (
    ORDERS,
    STATES,
    GroupFilter,
    filter_groups,
    parse_filter,
)
from app.web.groups.index_page import IndexPage
from app.web.groups.index_part import Rows, draw_index
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
    return [group.name for section in filter_groups(OVERVIEW, wanted) for group in section.found]


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


def test_every_state_can_be_asked_for() -> None:
    assert set(STATES) == set(Tone)


def test_links_keep_what_else_was_asked_for() -> None:
    wanted = GroupFilter(q="a b", sort="size")
    assert wanted.query(state="up") == {"q": "a b", "sort": "size", "state": "up"}
    assert wanted.query(q="") == {"sort": "size"}


def test_the_figures_of_a_warehouse_are_those_of_what_runs_whatever_is_looked_for() -> None:
    (section,) = filter_groups(OVERVIEW, GroupFilter(state="trouble"))
    assert len(section.groups) == 5
    assert [group.name for group in section.running] == ["Reporting"]
    assert section.running_gb == (24, 32)


HOURS = (*range(30, 90, 5), *(None,) * 6, *range(70, 40, -5))


@pytest.mark.parametrize("count", [1, 5, 50, 300])
def test_the_page_stays_light_however_many_groups_there_are(app: Flask, count: int) -> None:
    states = [state for _, state, _ in GROUPS]
    groups = [
        make_group(f"Team {number} reporting group", states[number % 5], 32, number)
        for number in range(count)
    ]
    hours = {group.service_id: HOURS for group in groups}
    page = IndexPage(make_overview(groups), GroupFilter(), hours, {})
    with app.test_request_context("/groups"):
        part = draw_index(page, Rows())
        html = render_template(
            "groups/index.html",
            part=part,
            html=markup_of(part),
            edition=Edition("an edition", page.overview.freshness),
            orders=ORDERS,
        )
    sys.stdout.write(f"{count} groups: {len(html.encode())} bytes of HTML\n")
    assert html.count("<tr><th") == count
    assert len(html.encode()) < LARGEST_HTML_BYTES
