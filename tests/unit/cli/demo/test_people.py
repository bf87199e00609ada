"""The table of the sandbox's people: what each may do comes from the rules."""

from app.cli.demo.people import describe_people
from app.domain.access.permissions import ALL_PERMISSIONS, AccessRule, Permission
from app.domain.groups.catalog import Catalog, GroupDefinition, WarehouseDefinition
from app.domain.groups.limits import Limits

VIEW = frozenset({Permission.VIEW})
SCALE = frozenset({Permission.SCALE})


def rule(*, user: str = "", role: str = "", permissions: frozenset[Permission]) -> AccessRule:
    """A rule for one user or one role."""
    return AccessRule(frozenset({user} - {""}), frozenset({role} - {""}), permissions)


def group(service_id: str, *rules: AccessRule) -> GroupDefinition:
    """A group named for its id."""
    return GroupDefinition(service_id, service_id.upper(), "wh", rules, Limits())


def person(name: str, *roles: str, warehouse_id: str = "w") -> dict[str, object]:
    """A user of the sandbox."""
    return {
        "name": name,
        "password": f"{name}-1",
        "roles": list(roles),
        "warehouse": "Analytics",
        "warehouse_id": warehouse_id,
    }


OPERATOR = rule(user="alice", permissions=SCALE)
VIEWER = rule(role="viewer", permissions=VIEW)
ONE = group("one", OPERATOR, VIEWER)
TWO = group("two", OPERATOR, rule(user="bob", permissions=SCALE), VIEWER)
CATALOG = Catalog((WarehouseDefinition("wh", "Analytics", (ONE, TWO)),))
SERVICES = [{"id": "one", "warehouse_id": "w"}, {"id": "two", "warehouse_id": "w"}]


def table(*people: dict[str, object], catalog: Catalog = CATALOG) -> list[str]:
    """The table's lines."""
    return describe_people(people, {"services": SERVICES}, catalog).splitlines()


def test_columns_are_aligned_under_their_headings() -> None:
    heading, alice, bob = table(person("alice"), person("bob"))
    assert heading == "  name   password  warehouse  access"
    assert alice == "  alice  alice-1   Analytics  view and scale all 2 groups"
    assert bob.startswith("  bob    bob-1     Analytics  ")


def test_different_permissions_are_told_apart() -> None:
    assert table(person("bob", "viewer"))[1].endswith("viewer of ONE; view and scale TWO")


def test_a_bundle_is_called_by_its_name_and_anything_else_is_listed() -> None:
    owner = group("one", rule(user="alice", permissions=ALL_PERMISSIONS))
    other = group("two", rule(user="alice", permissions=ALL_PERMISSIONS - {Permission.AUDIT}))
    catalog = Catalog((WarehouseDefinition("wh", "Analytics", (owner, other)),))
    line = table(person("alice"), catalog=catalog)[1]
    assert line.endswith("owner of ONE; view, wake, boost, scale, power and schedule TWO")


def test_groups_that_are_hidden_are_not_mentioned() -> None:
    assert table(person("bob"))[1].endswith("Analytics  view and scale TWO")


def test_somebody_without_a_group_may_do_nothing() -> None:
    assert table(person("charlie"))[1].endswith("none: has no compute group")


def test_people_of_a_warehouse_that_is_not_configured_are_left_out() -> None:
    assert len(table(person("eve", warehouse_id="elsewhere"))) == 1
