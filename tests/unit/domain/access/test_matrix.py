"""The matrix shows the permissions, and names the rule that gave or denied each permission."""

from app.domain.access.matrix import Cell, Subject, rows_of
from app.domain.access.permissions import BUNDLES, AccessRule, Identity, Permission
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from tests.unit.builders import (
    ALICE,
    BOB,
    CAMPAIGNS_ID,
    CHARLIE,
    DANA,
    PRIMARY_ID,
    REPORTING_ID,
    denying,
    giving,
    make_catalog,
    make_definition,
    subjects_of,
)

VIEW, WAKE, SCALE = Permission.VIEW, Permission.WAKE, Permission.SCALE
POWER, SCHEDULE = Permission.POWER, Permission.SCHEDULE
AUDIT, BOOST = Permission.AUDIT, Permission.BOOST
OF_ALL = giving(*BUNDLES["operator"], roles=("analytics_operator",), source="warehouse rule 1")
BY_NAME = giving(POWER, users=("alice",), source="group rule 1")
DENIAL = denying(SCALE, users=("alice",), source="group rule 2")
RULES = (OF_ALL, BY_NAME, DENIAL)


def cells(identity: Identity, rules: tuple[AccessRule, ...] = RULES) -> dict[Permission, Cell]:
    """What somebody may do in the primary group."""
    (row, _) = rows_of(make_catalog(rules=rules), identity)
    return {cell.permission: cell for cell in row.cells}


def test_every_permission_of_everybody_has_a_cell_that_agrees_with_the_rules() -> None:
    catalog = make_catalog(rules=RULES)
    for subject in subjects_of(catalog, [ALICE, BOB, CHARLIE, DANA]):
        for row in subject.rows:
            held = {cell.permission for cell in row.cells if cell.is_held}
            assert [cell.permission for cell in row.cells] == list(Permission)
            assert held == row.group.permissions_of(subject.identity)


def test_a_cell_names_the_rule_that_gave_it_and_how_it_covers_the_person() -> None:
    because = {permission: cell.because for permission, cell in cells(ALICE).items()}
    assert because == {
        VIEW: "given to the role analytics_operator (warehouse rule 1)",
        WAKE: "given to the role analytics_operator (warehouse rule 1)",
        BOOST: "denied by name (group rule 2)",
        SCALE: "denied by name (group rule 2)",
        POWER: "given by name (group rule 1)",
        SCHEDULE: "no rule gives it",
        AUDIT: "no rule gives it",
    }
    assert [item for item, cell in cells(ALICE).items() if cell.is_held] == [VIEW, WAKE, POWER]


def test_all_rules_that_give_or_deny_are_named() -> None:
    rules = (
        OF_ALL,
        giving(WAKE, users=("alice",), source="group rule 1"),
        denying(POWER, users=("alice",), source="here"),
        denying(POWER, roles=("analytics_operator",), source="there"),
    )
    assert cells(ALICE, rules)[WAKE].because == (
        "given to the role analytics_operator (warehouse rule 1), by name (group rule 1)"
    )
    assert cells(ALICE, rules)[POWER].because == (
        "denied by name (here), to the role analytics_operator (there)"
    )


def test_looking_that_no_rule_names_comes_with_the_others() -> None:
    cell = cells(ALICE, (BY_NAME,))[VIEW]
    assert (cell.is_held, cell.because) == (True, "comes with the others")


def test_what_is_given_without_view_is_shown_as_of_no_use() -> None:
    rules = (giving(SCALE, users=("zoe",)), denying(VIEW, users=("zoe",), source="there"))
    (zoe,) = (item for item in subjects_of(make_catalog(rules=rules)) if item.label == "zoe")
    shown = {cell.permission: (cell.is_held, cell.because) for cell in zoe.rows[0].cells}
    assert shown[SCALE] == (False, "no use without view, which is denied")
    assert shown[VIEW] == (False, "denied by name (there)")
    assert shown[AUDIT] == (False, "no rule gives it")


def find(subjects: tuple[Subject, ...], label: str) -> Subject:
    """The one subject with this label."""
    (found,) = (item for item in subjects if item.label == label)
    return found


def test_the_subjects_are_users_and_roles_of_the_rules_and_people_signed_in_by_warehouse() -> None:
    subjects = subjects_of(make_catalog(rules=RULES), [ALICE, DANA])
    assert [item.label for item in subjects] == [
        "alice",
        "everybody with the role analytics_operator",
        "alice (signed in, roles: analytics_operator)",
        "everybody with the role marketing_operator",
        "everybody with the role marketing_viewer",
        "dana (signed in, roles: marketing_operator)",
    ]
    signed_in = find(subjects, "dana (signed in, roles: marketing_operator)")
    assert [row.group.service_id for row in signed_in.rows] == [CAMPAIGNS_ID]


def test_a_person_signed_in_is_shown_with_name_and_roles_together() -> None:
    subjects = subjects_of(make_catalog(rules=RULES), [ALICE])
    by_name = {cell.permission for cell in find(subjects, "alice").rows[0].cells if cell.is_held}
    whole = find(subjects, "alice (signed in, roles: analytics_operator)")
    held = {cell.permission for cell in whole.rows[0].cells if cell.is_held}
    assert (by_name, held) == ({VIEW, POWER}, {VIEW, WAKE, POWER})


def test_somebody_sees_their_own_groups_and_no_name_of_any_other() -> None:
    hidden = make_definition(REPORTING_ID, "Secret", rules=(giving(VIEW, users=("zoe",)),))
    analytics = WarehouseDefinition("analytics", "Analytics", (make_definition(), hidden))
    rows = rows_of(Catalog((analytics, *make_catalog().warehouses[1:])), ALICE)
    assert [row.group.service_id for row in rows] == [PRIMARY_ID]
    assert rows_of(make_catalog(rules=RULES), CHARLIE) == ()


def test_groups_in_which_the_very_same_holds_stand_together() -> None:
    alike = make_definition(rules=RULES)
    twin = make_definition(REPORTING_ID, "Reporting", rules=RULES)
    other = make_definition(CAMPAIGNS_ID, "Other", rules=(OF_ALL,))
    catalog = Catalog((WarehouseDefinition("analytics", "Analytics", (alike, other, twin)),))
    together = find(subjects_of(catalog), "alice").alike
    assert [[group.name for group in groups] for groups, _ in together] == [
        [alike.name, "Reporting"],
        ["Other"],
    ]
