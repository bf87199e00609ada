"""`access`: permissions and bundles, denials, and the source of each rule."""

import pytest

from app.domain.access.permissions import ALL_PERMISSIONS, Identity, Permission
from tests.unit.settings.helpers import GROUP_ID, ORG_CONFIG, OTHER_ID, read, yaml_faults

RULE = "warehouses[0].groups[0].access[0]"
FULL = f"""
warehouses:
  - key: analytics
    name: Analytics
    access:
      - users: [alice]
        permissions: [owner]
      - clickhouse_roles: [analyst]
        permissions: [viewer, audit]
    groups:
      - service_id: {GROUP_ID}
        name: Primary
        access:
          - users: [alice]
            deny: [power, wake]
      - service_id: {OTHER_ID}
        name: Reporting
        access:
          - users: [bob]
            permissions: [operator]
            deny: [wake]
"""
ALICE = Identity("analytics", "alice", frozenset())
BOB = Identity("analytics", "bob", frozenset({"analyst"}))


def of_rule(permissions: str) -> str:
    """ORG_CONFIG with other keys in its only rule."""
    return ORG_CONFIG.replace("permissions: [scale]", permissions)


def test_bundles_and_single_permissions_can_be_mixed() -> None:
    primary, reporting = read(FULL).catalog.all_groups()
    assert primary.permissions_of(BOB) == {Permission.VIEW, Permission.AUDIT}
    assert reporting.permissions_of(ALICE) == ALL_PERMISSIONS


def test_what_is_denied_for_a_group_is_taken_from_what_the_warehouse_gives() -> None:
    primary, _ = read(FULL).catalog.all_groups()
    assert primary.permissions_of(ALICE) == ALL_PERMISSIONS - {Permission.POWER, Permission.WAKE}


def test_one_rule_may_give_a_bundle_less_a_part_of_it() -> None:
    _, reporting = read(FULL).catalog.all_groups()
    assert reporting.permissions_of(BOB) == {
        Permission.VIEW,
        Permission.BOOST,
        Permission.SCALE,
        Permission.AUDIT,
    }


def test_each_rule_knows_where_it_stands_those_of_the_warehouse_first() -> None:
    sources = [[rule.source for rule in group.rules] for group in read(FULL).catalog.all_groups()]
    shared = ["warehouses[0].access[0]", "warehouses[0].access[1]"]
    assert sources == [
        [*shared, "warehouses[0].groups[0].access[0]"],
        [*shared, "warehouses[0].groups[1].access[0]"],
    ]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("permissions: [fly]", f"{RULE}.permissions[0]: is not a known permission"),
        ("deny: [view, fly]", f"{RULE}.deny[1]: is not a known permission"),
        ("deny: []", f"{RULE}.deny: is empty"),
        ("deny: [7]", f"{RULE}.deny[0]: is not text"),
        ("permissions: view", f"{RULE}.permissions: is not a list"),
        ("# nothing", f"{RULE}: has neither permissions nor deny"),
        (
            "permissions: [operator, wake]\n            deny: [wake]",
            f"{RULE}.permissions[1]: is wake, and {RULE}.deny, which is wake, takes it back",
        ),
        (
            "permissions: [scale]\n            deny: [power, viewer]",
            (
                f"{RULE}.permissions[0]: is scale, and {RULE}.deny, which is power, viewer, "
                "takes it back"
            ),
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(words: str, fault: str) -> None:
    assert yaml_faults(of_rule(words)) == [fault]


def test_a_warehouses_rule_that_takes_back_what_it_gives_is_refused_too() -> None:
    place = "warehouses[0].access[1]"
    text = FULL.replace(
        "permissions: [viewer, audit]", "permissions: [audit]\n        deny: [view]"
    )
    assert yaml_faults(text) == [
        f"{place}.permissions[0]: is audit, and {place}.deny, which is view, takes it back"
    ]
