"""Access: Alice may scale, Bob may view, Charlie nothing, Dana in Marketing only."""

from dataclasses import replace

import pytest

from app.domain.access.permissions import Identity, Permission, permissions_under
from tests.unit.builders import (
    ALICE,
    BOB,
    CAMPAIGNS_ID,
    CHARLIE,
    DANA,
    FOREIGN_ID,
    PRIMARY_ID,
    REPORTING_ID,
    giving,
    make_catalog,
    make_definition,
)

VIEW, SCALE = Permission.VIEW, Permission.SCALE
EVERYTHING = set(Permission)
CATALOG = make_catalog()


@pytest.mark.parametrize(
    ("person", "in_analytics", "in_marketing"),
    [
        (ALICE, EVERYTHING, set()),
        (BOB, {VIEW}, set()),
        (CHARLIE, set(), set()),
        (DANA, set(), EVERYTHING),
    ],
)
def test_everybody_may_do_what_the_mapping_says_and_no_more(
    person: Identity, in_analytics: set[Permission], in_marketing: set[Permission]
) -> None:
    analytics, marketing = make_definition(), CATALOG.warehouses[1].groups[0]
    assert analytics.permissions_of(person) == in_analytics
    assert marketing.permissions_of(person) == in_marketing


# ASVS 6.8.1
def test_the_same_name_and_roles_in_another_warehouse_are_somebody_else() -> None:
    impostor = replace(ALICE, warehouse="marketing")
    assert make_definition().permissions_of(impostor) == frozenset()
    assert CATALOG.groups_of(impostor) == ()


def test_a_rule_speaks_of_users_by_exact_name_and_of_enabled_roles() -> None:
    rule = giving(VIEW, users=("alice",), roles=("analyst",))
    assert rule.covers(Identity("analytics", "alice", frozenset()))
    assert rule.covers(Identity("analytics", "zoe", frozenset({"analyst", "other"})))
    for name in ("Alice", "alice ", "alic", "analyst", ""):
        assert not rule.covers(Identity("analytics", name, frozenset({"alice"})))


def test_permissions_of_several_rules_add_up_and_include_looking() -> None:
    rules = (giving(VIEW, users=("alice",)), giving(SCALE, roles=("operator",)))
    alice = Identity("analytics", "alice", frozenset({"operator"}))
    operator = Identity("analytics", "olga", frozenset({"operator"}))
    assert permissions_under(rules, alice) == {VIEW, SCALE}
    assert permissions_under(rules, operator) == {VIEW, SCALE}
    assert permissions_under(rules, CHARLIE) == frozenset()
    assert permissions_under((giving(users=("alice",)),), alice) == frozenset()


def test_the_catalog_finds_what_is_configured_in_the_order_of_the_file() -> None:
    warehouse = CATALOG.find_warehouse("analytics")
    assert warehouse is not None
    assert warehouse.name == "Analytics"
    assert CATALOG.find_warehouse("Analytics") is None
    group = CATALOG.find_group(REPORTING_ID)
    assert group is not None
    assert group.name == "Analytics reporting"
    assert CATALOG.find_group(FOREIGN_ID) is None
    ids = [item.service_id for item in CATALOG.all_groups()]
    assert ids == [PRIMARY_ID, REPORTING_ID, CAMPAIGNS_ID]


def test_the_catalog_shows_everybody_their_own_groups() -> None:
    def ids(person: Identity) -> list[str]:
        return [group.service_id for group in CATALOG.groups_of(person)]

    assert ids(ALICE) == ids(BOB) == [PRIMARY_ID, REPORTING_ID]
    assert ids(CHARLIE) == []
    assert ids(DANA) == [CAMPAIGNS_ID]
