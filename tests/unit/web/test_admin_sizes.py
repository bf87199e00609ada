"""The administrator's pages stay small with 320 groups, many rules and many people."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.domain.access.permissions import BUNDLES, Identity, Permission
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from tests.support.events import EVENT
from tests.unit.builders import denying, giving, make_definition
from tests.unit.web.odd_cloud import OddPortal, odd_portal

MOST_BYTES = 150_000
PEOPLE = tuple(f"somebody.of.the.company.{number}" for number in range(300))
PATHS = (
    "",
    "/access",
    "/access?people=12&groups=2",
    "/access/search?user=somebody.of.the.company.1&roles=team_1,team_2,team_3",
    "/limits",
    "/limits?page=8",
    "/sessions",
    "/tokens",
    "/freeze",
    "/jobs",
    "/cloud",
    "/settings",
    "/audit",
)


def crowded_catalog() -> Catalog:
    """Eight warehouses of forty groups, with rules for each team, each group and many people."""
    return Catalog(tuple(crowded_warehouse(number) for number in range(8)))


def crowded_warehouse(number: int) -> WarehouseDefinition:
    """Forty groups with rules of their own."""
    common = giving(*BUNDLES["operator"], users=PEOPLE, source="warehouses[0].access[0]")
    key = f"warehouse-{number}"
    groups = tuple(
        make_definition(
            f"0c000000-0000-4000-8000-{number:06}{place:06}",
            f"A compute group with a long name, number {place}",
            warehouse=key,
            rules=(
                common,
                giving(Permission.POWER, roles=(f"team_{place}",), source=f"group {place}"),
                denying(Permission.SCALE, users=PEOPLE[place::9], source=f"group {place}, too"),
            ),
        )
        for place in range(40)
    )
    return WarehouseDefinition(key, f"Warehouse {number}", groups)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddPortal]:
    """One application for all pages; 300 people are signed in."""
    folder = tmp_path_factory.mktemp("portal")
    with (
        pytest.MonkeyPatch.context() as patch,
        odd_portal(folder, patch, crowded_catalog()) as portal,
    ):
        for name in PEOPLE:
            somebody = Identity("warehouse-0", name, frozenset({"team_1", "team_2"}))
            now = datetime.now(UTC)
            portal.portal.sign_in.sessions.create_session(somebody, "192.0.2.1", now, EVENT)
        yield portal


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_heavy(crowded: OddPortal, path: str) -> None:
    answer = crowded.admin.get(f"/admin{path}")
    assert answer.status_code == 200
    assert len(answer.data) <= MOST_BYTES
