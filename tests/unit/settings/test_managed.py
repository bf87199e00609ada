"""`managed_by` and `view_only`, from the nearest level that gives them."""

import pytest

from app.domain.access.permissions import Identity, Permission
from app.domain.groups.catalog import Catalog
from tests.unit.settings.helpers import GROUP_ID, OTHER_ID, read, yaml_faults

FILE = f"""
warehouses:
  - key: analytics
    name: Analytics
    managed_by: terraform
    view_only: true
    access:
      - users: [alice]
        permissions: [owner]
    by_tag:
      - tag: Owner=people
        view_only: false
    groups:
      - service_id: {GROUP_ID}
        name: Primary
      - service_id: {OTHER_ID}
        name: Reporting
        managed_by: portal
        view_only: false
"""
ALICE = Identity("analytics", "alice", frozenset())
LOOKING = {Permission.VIEW, Permission.AUDIT}


def permissions(catalog: Catalog) -> list[bool]:
    """For each group whether an owner may do no more than look."""
    return [group.permissions_of(ALICE) == LOOKING for group in catalog.all_groups()]


def test_the_nearest_level_decides() -> None:
    primary, reporting = read(FILE).catalog.all_groups()
    assert (primary.is_managed_by_terraform, primary.is_view_only) == (True, True)
    assert (reporting.is_managed_by_terraform, reporting.is_view_only) == (False, False)
    assert permissions(read(FILE).catalog) == [True, False]


def test_what_takes_the_permissions_away_says_where_it_stands() -> None:
    primary, _ = read(FILE).catalog.all_groups()
    assert primary.rules[-1].source == "warehouses[0].view_only"


def test_a_tag_may_say_so_too() -> None:
    under_tags = read(FILE).catalog.under_tags
    assert under_tags is not None
    assert permissions(under_tags({GROUP_ID: {"Owner": "people"}})) == [False, False]


@pytest.mark.parametrize("word", ["Terraform", "pulumi", "yes", "7"])
def test_another_manager_is_not_known(word: str) -> None:
    (fault,) = yaml_faults(FILE.replace("managed_by: terraform", f"managed_by: {word}"))
    assert fault.startswith("warehouses[0].managed_by: is not")
