"""Looking at the audit log and taking copies of it, by whom and of what."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.errors import BrokenRules, NotAllowed, StoreUnavailable
from app.services.audit.export import FORMATS
from app.services.audit.search import EVENTS_ON_A_PAGE, AuditSearch
from app.store.database.engine import writing
from tests.unit.builders import ALICE, BOB, PRIMARY_ID
from tests.unit.services.world import World

NO_DAY = {"from": "22.11.2026"}


@pytest.fixture
def search(world: World) -> AuditSearch:
    """The audit log of a world in which one draft was written."""
    world.draft()
    return AuditSearch(world.audit, world.access, ZoneInfo("UTC"))


def actions(search: AuditSearch, **asked: str) -> list[str]:
    """What the page shows for these values, newest first."""
    return [str(line["action"]) for line in search.list_events(asked).lines]


def test_a_page_shows_what_matches_and_what_was_asked(search: AuditSearch) -> None:
    assert actions(search) == ["draft"]
    assert actions(search, user="nobody") == []
    page = search.list_events({"user": "alice", "from": "tomorrow"})
    assert len(page.lines) == 1
    assert page.search.values == {"user": "alice", "from": "tomorrow"}
    assert [item.field for item in page.search.problems] == ["from"]


def test_a_page_tells_where_older_events_begin(search: AuditSearch) -> None:
    for _ in range(EVENTS_ON_A_PAGE):
        list(search.export_all(ALICE, {}))
    page = search.list_events({})
    assert len(page.lines) == EVENTS_ON_A_PAGE
    rest = search.list_events({"before": str(page.older_before)})
    assert ([line["seq"] for line in rest.lines], rest.older_before) == ([1], None)


def test_no_copy_is_made_where_a_value_is_wrong(search: AuditSearch) -> None:
    with pytest.raises(BrokenRules):
        search.export_all(ALICE, NO_DAY)
    assert actions(search) == ["draft"]


def test_a_copy_is_recorded_and_holds_the_record(search: AuditSearch) -> None:
    assert [line["action"] for line in search.export_all(ALICE, {})] == ["draft", "export"]


@pytest.mark.parametrize("asked", [{}, NO_DAY])
def test_whoever_may_not_see_the_audit_log_gets_no_copy(
    search: AuditSearch, asked: dict[str, str]
) -> None:
    with pytest.raises(NotAllowed):
        search.export_group(BOB, PRIMARY_ID, asked)
    with pytest.raises(NotAllowed):
        search.list_group_events(BOB, PRIMARY_ID, asked)


@pytest.mark.parametrize("said", ['{"seq":1}', "[]", '{"details":[]}'])
def test_an_event_that_was_replaced_costs_a_copy_no_other(
    world: World, search: AuditSearch, said: str
) -> None:
    world.draft()
    with writing(world.engine) as connection:
        replaced = text("UPDATE events SET text = :said WHERE seq = 1")
        connection.execute(replaced, {"said": said})
    for write, _ in FORMATS.values():
        lines = list(write(search.export_all(ALICE, {})))
        assert "export" in lines[-1]
    with pytest.raises(StoreUnavailable):
        search.list_events({})
