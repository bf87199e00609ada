"""Whether anything that a page shows can have changed, asked before it is gathered."""

import pytest

from app.domain.access.permissions import Identity
from app.errors import NotFound, StoreUnavailable
from app.services.groups.editions import MOMENT, Editions
from app.store.readings import ReadingStore
from tests.unit.builders import ALICE, BOB, PRIMARY_ID, make_catalog
from tests.unit.readings import clocked_state
from tests.unit.services.world import World


@pytest.fixture
def editions(world: World) -> Editions:
    """What is tested."""
    state = clocked_state(world.engine, world.clock)
    snapshot = world.groups.snapshot
    snapshot.view(is_waiting=True)
    world.clock.advance(6)
    snapshot.view(is_waiting=True)  # from now on readings say the same
    return Editions(world.policy, world.access, snapshot, state, world.clock)


def test_nothing_new_is_the_same_edition(editions: Editions, world: World) -> None:
    first = editions.of_groups(ALICE, "")
    world.clock.advance(6)  # Cloud is read again, and says the same
    assert editions.of_groups(ALICE, "").mark == first.mark
    assert editions.of_groups(ALICE, "q=x").mark != first.mark


def test_a_change_is_another_edition(editions: Editions, world: World) -> None:
    first, page = editions.of_groups(ALICE, ""), editions.of_group(ALICE, PRIMARY_ID)
    world.apply(world.draft())
    assert editions.of_groups(ALICE, "").mark != first.mark
    assert editions.of_group(ALICE, PRIMARY_ID).mark != page.mark


def test_other_rules_are_another_edition_though_they_allow_the_same(
    editions: Editions, world: World
) -> None:
    first = editions.of_group(ALICE, PRIMARY_ID)
    world.set_policy(make_catalog())
    assert editions.of_group(ALICE, PRIMARY_ID).mark != first.mark


def test_people_share_an_edition_only_where_they_may_do_the_same(editions: Editions) -> None:
    assert editions.of_groups(ALICE, "").mark != editions.of_groups(BOB, "").mark
    assert editions.of_group(ALICE, PRIMARY_ID).mark != editions.of_group(BOB, PRIMARY_ID).mark
    with pytest.raises(NotFound):
        editions.of_group(Identity("marketing", "dana", frozenset()), PRIMARY_ID)


def test_what_this_process_alone_knows_is_never_current(
    editions: Editions, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable(message="Locked.")

    monkeypatch.setattr(ReadingStore, "reserve", fail)
    world.clock.advance(6)
    marks = {editions.of_groups(ALICE, "").mark for _ in range(3)}
    assert len(marks) == 3


def test_a_change_on_record_has_an_edition_that_lives_for_seconds(
    editions: Editions, world: World
) -> None:
    change = world.apply(world.draft())
    world.groups.snapshot.view(is_waiting=True)
    first = editions.of_change(ALICE, change)
    assert editions.of_change(ALICE, change).mark == first.mark
    assert editions.of_change(BOB, change).mark != first.mark
    world.clock.advance(MOMENT)
    assert editions.of_change(ALICE, change).mark != first.mark
