"""Access: rules add up, a denial wins on either level, and who may not look may nothing.

Alice may do everything in Analytics, Bob may look, Charlie has nothing, Dana is in Marketing.
"""

from dataclasses import replace

import pytest

from app.domain.access.permissions import (
    ALL_PERMISSIONS,
    BUNDLES,
    MEANINGS,
    AccessRule,
    Identity,
    Permission,
    permissions_under,
    rules_about,
)
from tests.unit.builders import (
    ALICE,
    BOB,
    CHARLIE,
    DANA,
    denying,
    giving,
    make_catalog,
    make_definition,
)

VIEW, WAKE, SCALE = Permission.VIEW, Permission.WAKE, Permission.SCALE
POWER, SCHEDULE = Permission.POWER, Permission.SCHEDULE
AUDIT, BOOST = Permission.AUDIT, Permission.BOOST
OPERATORS = giving(*BUNDLES["operator"], roles=("analytics_operator",))


def test_the_bundles_stand_for_what_their_names_promise() -> None:
    assert {
        "viewer": {VIEW},
        "operator": {VIEW, WAKE, BOOST, SCALE},
        "owner": {VIEW, WAKE, BOOST, SCALE, POWER, SCHEDULE, AUDIT},
    } == BUNDLES
    assert ALL_PERMISSIONS == set(MEANINGS) == set(Permission)


@pytest.mark.parametrize("permission", [WAKE, BOOST, SCALE, POWER, SCHEDULE, AUDIT])
def test_whoever_may_do_anything_may_read_and_nothing_else_besides(permission: Permission) -> None:
    rules = (giving(permission, users=("alice",)),)
    assert permissions_under(rules, ALICE) == {VIEW, permission}


@pytest.mark.parametrize("is_denied_first", [True, False])
@pytest.mark.parametrize(
    "denial", [denying(SCALE, users=("alice",)), denying(SCALE, roles=("analytics_operator",))]
)
def test_a_denial_wins_wherever_it_stands(denial: AccessRule, *, is_denied_first: bool) -> None:
    # Rules of the warehouse come before those of the group, so both orders are both levels.
    rules = (denial, OPERATORS) if is_denied_first else (OPERATORS, denial)
    assert permissions_under(rules, ALICE) == {VIEW, WAKE}
    assert make_definition(rules=rules).permissions_of(ALICE) == {VIEW, WAKE}


def test_a_denial_speaks_of_those_alone_whom_it_covers() -> None:
    rules = (OPERATORS, denying(SCALE, users=("olga",), roles=("trainee",)))
    trainee = replace(ALICE, roles=ALICE.roles | {"trainee"})
    assert SCALE in permissions_under(rules, ALICE)
    assert SCALE not in permissions_under(rules, trainee)


def test_who_may_not_read_may_do_nothing_at_all() -> None:
    rules = (giving(*ALL_PERMISSIONS, users=("alice",)), denying(VIEW, users=("alice",)))
    assert permissions_under(rules, ALICE) == frozenset()
    assert make_catalog(rules=rules).groups_of(ALICE) == ()


def test_one_rule_can_give_and_deny_and_the_denial_wins_in_it_too() -> None:
    rule = replace(OPERATORS, denied=frozenset({WAKE}))
    assert permissions_under((rule,), ALICE) == {VIEW, BOOST, SCALE}


def test_a_denial_alone_gives_nothing() -> None:
    assert permissions_under((denying(SCALE, users=("alice",)),), ALICE) == frozenset()


def test_the_rules_of_two_levels_add_up() -> None:
    rules = (giving(VIEW, roles=("analytics_viewer",)), giving(WAKE, users=("bob",)))
    assert permissions_under(rules, BOB) == {VIEW, WAKE}


# ASVS 8.2.2
@pytest.mark.parametrize("person", [DANA, replace(ALICE, warehouse="marketing"), CHARLIE])
def test_another_warehouse_or_no_rule_is_nothing_even_with_the_right_name_and_roles(
    person: Identity,
) -> None:
    rules = (giving(*ALL_PERMISSIONS, users=("alice", "dana"), roles=("analytics_operator",)),)
    assert make_definition(rules=rules).permissions_of(person) == frozenset()


@pytest.mark.parametrize("role", ["Analytics_operator", "analytics_operator ", "operator", ""])
def test_roles_count_by_their_exact_name(role: str) -> None:
    somebody = Identity("analytics", "zoe", frozenset({role}))
    assert permissions_under((OPERATORS,), somebody) == frozenset()


def test_somebody_without_a_name_is_nobody_whom_a_rule_names() -> None:
    nameless = Identity("analytics", "", frozenset())
    assert permissions_under((OPERATORS,), nameless) == frozenset()


def test_the_rules_that_decide_are_the_givers_and_the_deniers_that_cover_the_person() -> None:
    denial = denying(SCALE, users=("alice",))
    others = (giving(SCALE, users=("olga",)), giving(POWER, users=("alice",)))
    assert rules_about((OPERATORS, denial, *others), ALICE, SCALE) == (OPERATORS, denial)
    assert rules_about((OPERATORS, denial, *others), ALICE, AUDIT) == ()
