"""What the administrator reads about the portal's own key."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from app.cloud.parsing.keys import ApiKey, find_key
from app.errors import CloudError, CloudKeyRefused, CloudUnreachable
from app.services.admin.key_health import EXPIRY_WARNING, KeyCheck, KeyHealth
from tests.unit.builders import CAMPAIGNS_ID, NOW, REPORTING_ID, make_service
from tests.unit.services.fakes import Clock, ClockedSnapshot, FakeCloud
from tests.unit.services.world import World

KEY_ID = "Kq3vN8xZr2Lw5TyB"
GOOD = {
    "name": "portal",
    "expires_at": NOW + timedelta(days=90),
    "sources": ("198.51.100.0/24",),
    "roles": ("Compute group portal",),
}


@pytest.fixture
def cloud(world: World) -> FakeCloud:
    """Every group is visible, and the key is as it should be."""
    world.cloud.services[CAMPAIGNS_ID] = make_service(CAMPAIGNS_ID)
    world.cloud.key = ApiKey(**GOOD)  # type: ignore[arg-type] # as the fields stand there
    return world.cloud


def findings(world: World, clock: Clock) -> tuple[KeyCheck, ...]:
    """What a look at the key says now."""
    snapshot = ClockedSnapshot(world.cloud, clock, world.engine)
    return KeyHealth(world.policy, world.cloud, snapshot, SecretStr(KEY_ID), clock).list_checks()


def faults(world: World, clock: Clock) -> list[str]:
    """The words of what is not fine."""
    return [item.words for item in findings(world, clock) if not item.is_fine]


def test_a_key_as_it_should_be_has_only_fine_findings(
    world: World, cloud: FakeCloud, clock: Clock
) -> None:
    assert [(item.is_fine, item.words) for item in findings(world, clock)] == [
        (True, "The key works and sees 3 services."),
        (True, "The key expires in 90 days."),
        (True, "The key can be used from 198.51.100.0/24 only."),
        (True, "The key's roles: Compute group portal."),
    ]


# ASVS 13.2.2, 13.3.4, 13.2.1
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expires_at": None}, "never expires"),
        ({"expires_at": NOW + EXPIRY_WARNING}, "expires in 14 days"),
        ({"sources": ()}, "can be used from anywhere"),
        ({"sources": None}, "cannot be read"),
        ({"expires_at": None, "is_expiry_known": False}, "cannot be read"),
        ({"expires_at": NOW - timedelta(days=1)}, "has expired"),
        ({"sources": ("198.51.100.0/24", "0.0.0.0/0")}, "can be used from anywhere"),
        ({"roles": ("Developer",)}, "may do more than the portal needs"),
        ({"roles": ("Compute group portal", "Admin")}, "may do more than the portal needs"),
    ],
)
def test_each_weakness_of_the_key_is_one_fault(
    world: World, cloud: FakeCloud, clock: Clock, fields: dict[str, object], words: str
) -> None:
    cloud.key = ApiKey(**GOOD | fields)  # type: ignore[arg-type] # as the fields stand there
    (fault,) = faults(world, clock)
    assert words in fault


def test_a_key_that_ends_after_the_warning_time_is_fine(
    world: World, cloud: FakeCloud, clock: Clock
) -> None:
    later = NOW + EXPIRY_WARNING + timedelta(seconds=1)
    cloud.key = ApiKey(**GOOD | {"expires_at": later})  # type: ignore[arg-type]
    assert faults(world, clock) == []


def test_every_group_that_the_key_does_not_see_is_named(
    world: World, cloud: FakeCloud, clock: Clock
) -> None:
    del cloud.services[REPORTING_ID]
    del cloud.services[CAMPAIGNS_ID]
    assert faults(world, clock) == [
        "“Analytics reporting” is not visible to the key.",
        "“Marketing campaigns” is not visible to the key.",
    ]


def test_a_key_that_does_not_work_is_the_only_finding(
    world: World, cloud: FakeCloud, clock: Clock
) -> None:
    cloud.errors["list_services"] = CloudKeyRefused(
        message="Key is not active", request_id=None, upstream_status=401
    )
    assert findings(world, clock) == (KeyCheck(False, "The key does not work. Key is not active"),)


@pytest.mark.parametrize(
    ("error", "is_fine", "words"),
    [
        (
            CloudKeyRefused(message="No.", request_id=None, upstream_status=403),
            True,
            "may not read keys",
        ),
        (CloudUnreachable(message="No connection."), False, "cannot be read. No connection."),
    ],
)
def test_details_that_cannot_be_read_are_said_not_to_be_known(
    world: World, cloud: FakeCloud, clock: Clock, error: CloudError, words: str, *, is_fine: bool
) -> None:
    cloud.errors["find_key"] = error
    last = findings(world, clock)[-1]
    assert last.is_fine == is_fine
    assert words in last.words


def test_a_key_that_is_not_in_the_list_is_said_to_be_missing_there(
    world: World, cloud: FakeCloud, clock: Clock
) -> None:
    cloud.key = None
    assert findings(world, clock)[-1].words == "The key is not in the list that it may read."


@pytest.mark.parametrize("text", ["2026-06-02T12:00:00Z", "2026-06-02T12:00:00"])
def test_the_end_of_a_key_is_read_with_a_zone_or_without(
    world: World, cloud: FakeCloud, clock: Clock, text: str
) -> None:
    listed = {"name": "portal", "keySuffix": KEY_ID[-4:], "state": "enabled", "expireAt": text}
    cloud.key = find_key([listed], KEY_ID)
    assert findings(world, clock)[1].words == "The key expires in 90 days."
