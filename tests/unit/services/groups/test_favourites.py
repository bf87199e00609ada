"""Favourites: read once for each revision, bounded, and of one person."""

from dataclasses import replace

import pytest

from app.errors import NotFound, NotPossible
from app.services.groups.favourites import Favourites
from app.store import favourites as records
from app.store.favourites import FavouriteStore
from tests.unit.builders import ALICE, BOB, DANA, PRIMARY_ID, REPORTING_ID
from tests.unit.readings import clocked_state
from tests.unit.services.world import World


@pytest.fixture
def favourites(world: World) -> Favourites:
    """What is tested."""
    state = clocked_state(world.engine, world.clock)
    return Favourites(world.access, FavouriteStore(world.engine), state)


def test_a_mark_belongs_to_one_person_and_is_there_once(favourites: Favourites) -> None:
    for _ in range(2):
        favourites.mark(ALICE, PRIMARY_ID, is_favourite=True)
    assert favourites.list_of(ALICE) == {PRIMARY_ID}
    assert favourites.list_of(replace(ALICE, roles=frozenset())) == {PRIMARY_ID}
    assert favourites.list_of(BOB) == favourites.list_of(DANA) == frozenset()
    for _ in range(2):
        favourites.mark(ALICE, PRIMARY_ID, is_favourite=False)
    assert favourites.list_of(ALICE) == frozenset()


def test_nothing_is_read_again_while_the_revision_is_the_same(
    favourites: Favourites, monkeypatch: pytest.MonkeyPatch
) -> None:
    favourites.mark(ALICE, PRIMARY_ID, is_favourite=True)
    assert favourites.list_of(ALICE) == {PRIMARY_ID}
    monkeypatch.setattr(FavouriteStore, "list_of", lambda *_: pytest.fail("read again"))
    assert favourites.list_of(ALICE) == {PRIMARY_ID}


def test_nobody_marks_what_they_may_not_see_nor_more_than_the_bound(
    favourites: Favourites, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound):
        favourites.mark(DANA, PRIMARY_ID, is_favourite=True)
    monkeypatch.setattr(records, "MOST_OF_PERSON", 1)
    favourites.mark(ALICE, PRIMARY_ID, is_favourite=True)
    with pytest.raises(NotPossible):
        favourites.mark(ALICE, REPORTING_ID, is_favourite=True)
    assert favourites.list_of(ALICE) == {PRIMARY_ID}
