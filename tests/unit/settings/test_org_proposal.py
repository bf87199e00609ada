"""The file of groups as Cloud's list proposes it; what stands there stays to the letter."""

from dataclasses import replace

import pytest
import yaml

from app.domain.groups.group import Particulars, Service
from app.domain.groups.states import ServiceState
from app.settings.org.config import parse_org_config
from app.settings.org.proposal import CannotAddError, propose
from tests.unit.builders import make_service
from tests.unit.settings.helpers import GROUP_ID, ORG_CONFIG, OTHER_ID, read

THIRD_ID = "0c000000-0000-4000-8000-000000000013"
NEW_ID = "0c000000-0000-4000-8000-000000000091"


def service(key: str, name: str, data: str = "a", *, is_primary: bool = False) -> Service:
    """A running service with a tag."""
    particulars = Particulars(warehouse_id=data, tags=(("Team", "data"), ("Old", "")))
    made = make_service(key, state=ServiceState.RUNNING)
    return replace(made, cloud_name=name, particulars=particulars, is_primary=is_primary)


PRIMARY = service(GROUP_ID, "Analytics primary", is_primary=True)
SECOND = service(OTHER_ID, "Analytics ad hoc")
CAMPAIGNS = service(NEW_ID, "Marketing: campaigns", "b", is_primary=True)


def listed(*services: Service) -> dict[str, Service]:
    """As Cloud lists them."""
    return {item.service_id: item for item in services}


def test_a_new_file_has_every_service_below_its_warehouse_the_primary_first() -> None:
    text = propose(listed(SECOND, CAMPAIGNS, PRIMARY))
    content = yaml.safe_load(text)
    assert [(item["key"], item["name"]) for item in content["warehouses"]] == [
        ("analytics", "Analytics"),
        ("marketing-campaigns", "Marketing: campaigns"),
    ]
    names = [group["name"] for group in content["warehouses"][0]["groups"]]
    assert names == ["Analytics primary", "Analytics ad hoc"]
    assert "    # primary; running; " in text
    assert "tags: Team=data, Old" in text


def test_a_new_file_lacks_only_whom_to_ask() -> None:
    _, faults = parse_org_config(propose(listed(PRIMARY, SECOND, CAMPAIGNS)))
    assert [fault.path for fault in faults] == ["portal.contact"]


@pytest.mark.parametrize(
    "name",
    ["yes", "1.5", "null", "a: b", "x #y", "[z]", "Ünï", '"q"', "- d", "2026-11-01", "é" * 9],
)
def test_any_name_reads_as_itself_again(name: str) -> None:
    content = yaml.safe_load(propose(listed(replace(PRIMARY, cloud_name=name))))
    (warehouse,) = content["warehouses"]
    assert [warehouse["name"], warehouse["groups"][0]["name"]] == [name, name]


def test_warehouses_of_one_name_get_keys_of_their_own() -> None:
    other = service(NEW_ID, "Analytics primary", "b")
    content = yaml.safe_load(propose(listed(PRIMARY, other)))
    assert [item["key"] for item in content["warehouses"]] == [
        "analytics-primary",
        "analytics-primary-2",
    ]


STANDING = (
    ORG_CONFIG.replace("warehouses:", "# Ours.\nwarehouses:  # all of them")
    + "      # the end of the groups\n# the end\n"
)


def test_a_standing_file_is_added_to_and_keeps_every_line() -> None:
    text = propose(listed(PRIMARY, SECOND, CAMPAIGNS), STANDING)
    kept = iter(text.splitlines())
    assert all(line in kept for line in STANDING.splitlines())
    analytics, marketing = read(text).catalog.warehouses
    assert [group.service_id for group in analytics.groups] == [GROUP_ID, OTHER_ID]
    assert (marketing.key, marketing.groups[0].rules) == ("marketing-campaigns", ())
    assert analytics.groups[0] == read(STANDING).catalog.all_groups()[0]


def test_a_file_that_names_all_stays_as_it_is() -> None:
    assert propose(listed(PRIMARY), STANDING) == STANDING.rstrip("\n") + "\n"
    again = propose(listed(PRIMARY, SECOND), STANDING)
    assert propose(listed(PRIMARY, SECOND), again) == again


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (STANDING.replace("name: Analytics\n", "nam: Analytics\n"), "correct them first"),
        (
            f"warehouses: [{{key: a, name: A, groups: [{{service_id: {GROUP_ID}, name: P}}]}}]",
            "is not one item a line",
        ),
    ],
)
def test_what_nothing_can_be_put_into_is_said(text: str, words: str) -> None:
    with pytest.raises(CannotAddError, match=words):
        propose(listed(PRIMARY, SECOND), text)


ALIASED = f"""\
warehouses:
  - key: analytics
    name: Analytics
    groups:
      - service_id: {GROUP_ID}
        name: Analytics primary
        limits: &small
          max_total_gb: 64
  - key: finance
    name: Finance
    groups:
      - service_id: {OTHER_ID}
        name: Finance primary
        limits: *small
"""


def test_a_group_is_put_into_its_own_warehouse_where_the_last_value_is_an_alias() -> None:
    finance = service(OTHER_ID, "Finance primary", "b", is_primary=True)
    sibling = service(THIRD_ID, "Finance payroll", "b")
    text = propose(listed(PRIMARY, finance, sibling), ALIASED)
    homes = {
        item.key: [group.name for group in item.groups] for item in read(text).catalog.warehouses
    }
    assert homes == {
        "analytics": ["Analytics primary"],
        "finance": ["Finance primary", "Finance payroll"],
    }


CONTACT = ("<the data platform team (data@example.com)>", "the team")


def test_a_new_file_leaves_out_what_is_deleted() -> None:
    gone = replace(SECOND, state=ServiceState.TERMINATED)
    config = read(propose(listed(PRIMARY, gone)).replace(*CONTACT))
    assert [group.service_id for group in config.catalog.all_groups()] == [GROUP_ID]


def test_a_key_that_sees_nothing_is_told_and_makes_no_file() -> None:
    with pytest.raises(CannotAddError, match="sees no service"):
        propose({})


ODD_NAMES = [
    ("x" * 201, "x" * 200),
    ("Copy of <prod>", "Copy of (prod)"),
    ("two\nlines", "two lines"),
    (" ", NEW_ID),
]


@pytest.mark.parametrize(("name", "written"), ODD_NAMES)
def test_a_name_that_the_file_does_not_take_is_written_as_near_as_it_does(
    name: str, written: str
) -> None:
    odd = replace(CAMPAIGNS, cloud_name=name)
    for text in (
        propose(listed(PRIMARY, odd)).replace(*CONTACT),
        propose(listed(PRIMARY, SECOND, odd), ORG_CONFIG),
    ):
        group = read(text).catalog.find_group(NEW_ID)
        assert group is not None
        assert group.name == written


@pytest.mark.parametrize("services", [[PRIMARY], [PRIMARY, SECOND, CAMPAIGNS]])
def test_lines_end_as_they_do_in_the_standing_file(services: list[Service]) -> None:
    text = propose(listed(*services), STANDING.replace("\n", "\r\n"))
    assert text == propose(listed(*services), STANDING).replace("\n", "\r\n")
