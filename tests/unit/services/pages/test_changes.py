"""The pages of one change: each fact is judged in the use case, for exactly this person."""

from datetime import timedelta

import pytest

from app.domain.access.permissions import BUNDLES, Identity, Permission
from app.domain.changes.actions import Action
from app.domain.groups.limits import Limits
from app.errors import NotFound
from app.services.changes.preconditions import GroupChanged
from tests.unit.builders import (
    ALICE,
    BOB,
    OLGA,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    changed,
    giving,
    make_catalog,
    replicas,
)
from tests.unit.services.world import ROOT, World

FIVE_REPLICAS = {"min_memory_gb": VERTICAL.min_memory_gb, "num_replicas": 5}
FIVE_REPLICAS |= {"max_memory_gb": VERTICAL.max_memory_gb, "idle_scaling": True}
TO_SEE_AND_AUDIT = (Permission.VIEW, Permission.AUDIT)


def test_undo_leads_back_to_what_was_configured(world: World) -> None:
    reference = world.draft(replicas(5))
    world.apply(reference)
    details = world.change_pages.show(ALICE, reference)
    assert details.undo is not None
    assert (details.undo.target, details.undo.obstacle) == (VERTICAL, None)


def test_undo_names_what_stands_in_its_way(world: World) -> None:
    reference = world.draft(replicas(5))
    world.apply(reference)
    world.administration.freeze(ROOT, "audit")
    details = world.change_pages.show(ALICE, reference)
    assert details.undo is not None
    assert details.undo.target == VERTICAL
    assert details.undo.obstacle is not None


def test_undo_waits_for_the_cooldown_that_its_change_began_and_says_until_when(
    world: World,
) -> None:
    world.set_policy(make_catalog(limits=Limits(cooldown_minutes=10)))
    reference = world.draft(replicas(5))
    world.apply(reference)
    began_at = world.clock()
    undo = world.change_pages.show(ALICE, reference).undo
    assert undo is not None
    assert undo.obstacle == "Cooldown after a memory change."
    assert undo.possible_from == began_at + timedelta(minutes=10)
    world.clock.advance(600)
    undo = world.change_pages.show(ALICE, reference).undo
    assert undo is not None
    assert undo.obstacle is None


def test_undo_of_idling_does_not_wait_for_a_cooldown(world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(cooldown_minutes=10)))
    world.apply(world.draft(replicas(5)))
    reference = world.draft(changed(world.config(), idle_timeout_minutes=30))
    world.apply(reference)
    undo = world.change_pages.show(ALICE, reference).undo
    assert undo is not None
    assert undo.obstacle is None


def test_undo_beyond_the_limits_of_by_now_says_which(world: World) -> None:
    reference = world.draft(replicas(1))
    world.apply(reference)
    world.set_policy(make_catalog(limits=Limits(max_replicas=2)))
    undo = world.change_pages.show(ALICE, reference).undo
    assert undo is not None
    assert undo.obstacle == "The number of replicas must be between 1 and 2."


def test_the_form_is_closed_while_nothing_can_be_asked_for(world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(max_changes_per_hour=1)))
    assert world.change_pages.open_form(ALICE, PRIMARY_ID).is_open
    world.apply(world.draft(replicas(5)))
    opening = world.change_pages.open_form(ALICE, PRIMARY_ID)
    assert not opening.is_open
    assert opening.scaling.possible_from == world.clock() + timedelta(hours=1)
    world.clock.advance(3600)
    assert world.change_pages.open_form(ALICE, PRIMARY_ID).is_open


def test_a_cooldown_leaves_the_form_open_for_idling(world: World) -> None:
    world.set_policy(make_catalog(limits=Limits(cooldown_minutes=10)))
    world.apply(world.draft(replicas(5)))
    opening = world.change_pages.open_form(ALICE, PRIMARY_ID)
    assert (opening.is_open, opening.scaling.is_enabled) == (True, False)


def test_the_review_tells_which_pause_confirming_begins(world: World) -> None:
    token = world.sign_in_as(ALICE).token
    world.set_policy(make_catalog(limits=Limits(max_changes_per_hour=2)))
    world.apply(world.draft(replicas(4)))
    world.clock.advance(60)
    pause = world.change_pages.review(ALICE, world.draft(replicas(5)), token).pause
    assert pause is not None
    assert pause.ends_at == world.clock() + timedelta(minutes=59)


@pytest.mark.parametrize(("most", "note"), [(6, "in total"), (7, ""), (None, "")])
def test_what_the_warehouse_leaves_is_said_before_the_form(
    world: World, most: int | None, note: str
) -> None:
    # Two groups of three replicas each.
    world.set_policy(make_catalog(max_replicas=most))
    scaling = world.change_pages.open_form(ALICE, PRIMARY_ID).scaling
    assert scaling.is_enabled
    assert note in scaling.note
    assert bool(scaling.note) is bool(note)


def test_who_may_not_scale_is_offered_no_undo_and_closes_nothing(world: World) -> None:
    world.set_policy(
        make_catalog(
            rules=(
                giving(*BUNDLES["operator"], users=("alice",)),
                giving(*TO_SEE_AND_AUDIT, users=("bob",)),
            )
        )
    )
    reference = world.draft(replicas(5))
    world.apply(reference)
    details = world.change_pages.show(BOB, reference)
    assert (details.undo, details.may_close) == (None, False)


def test_a_change_of_another_group_undoes_and_corrects_nothing_here(world: World) -> None:
    reference = world.draft(replicas(5))
    world.apply(reference)
    now, pages = world.config(), world.change_pages
    assert pages.find_undo(ALICE, reference, PRIMARY_ID, now) == VERTICAL
    assert pages.find_undo(ALICE, reference, REPORTING_ID, now) is None
    assert pages.find_correctable(ALICE, reference, PRIMARY_ID, now) is not None
    assert pages.find_correctable(ALICE, reference, REPORTING_ID, now) is None


def test_a_draft_is_reviewed_by_its_author_alone(world: World) -> None:
    reference = world.draft_command(Action.STOP)
    token = world.sign_in_as(ALICE).token
    details = world.change_pages.review(ALICE, reference, token)
    assert (details.is_password_needed, details.is_last_running) == (True, False)
    with pytest.raises(NotFound):
        world.change_pages.review(OLGA, reference, token)


@pytest.mark.parametrize(("author", "is_own"), [(ALICE, True), (OLGA, False)])
def test_a_conflict_names_the_change_that_came_between(
    world: World, author: Identity, *, is_own: bool
) -> None:
    world.set_policy(make_catalog(rules=(giving(*BUNDLES["owner"], users=("alice", "olga")),)))
    mine = world.draft(replicas(5))
    world.clock.advance(1)
    other = world.draft(replicas(6), author)
    world.apply(other, author)
    conflict = world.change_pages.find_conflict(ALICE, mine)
    assert conflict.other is not None
    assert (conflict.other.reference, conflict.is_own) == (other, is_own)


def test_what_was_typed_for_another_configuration_is_told_in_that_one(world: World) -> None:
    seen = changed(VERTICAL, idle_timeout_minutes=30)
    with pytest.raises(GroupChanged) as caught:
        world.scaling.propose(ALICE, PRIMARY_ID, FIVE_REPLICAS, drawn_from=seen.fingerprint)
    assert caught.value.requested == replicas(5, seen)
