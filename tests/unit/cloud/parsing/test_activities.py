"""Cloud's own activity log: read tolerantly, and at most once a minute."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses
from responses import matchers
from sqlalchemy import Engine

from app.cloud.activity_log import FRESH_SECONDS, SPAN, ActivityLog
from app.cloud.client import CloudClient
from app.cloud.parsing.activities import parse_activities
from app.domain.activity.activities import Activity, Actor
from app.errors import CloudAnswerLost, CloudError, CloudKeyRefused
from tests.unit.builders import NOW, PRIMARY_ID
from tests.unit.cloud.helpers import ORGANIZATION_ID, URL, make_client, success
from tests.unit.readings import clocked_readings

REFUSED = CloudKeyRefused(message="No.", request_id=None, upstream_status=403)


def entry(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """An activity as Cloud writes it."""
    return {
        "id": "a-1",
        "createdAt": "2026-03-04T12:00:00Z",
        "type": "service_start",
        "actorType": "user",
        "actorDetails": "eve@example.test",
        "organizationId": ORGANIZATION_ID,
        "serviceId": PRIMARY_ID,
        "userAgent": "Mozilla/5.0",
    } | fields


def test_an_entry_is_read() -> None:
    (read,) = parse_activities([entry()])
    assert read == Activity(
        at=datetime(2026, 3, 4, 12, tzinfo=UTC),
        kind="service_start",
        service_id=PRIMARY_ID,
        actor=Actor.USER,
        actor_name="eve@example.test",
        user_agent="Mozilla/5.0",
    )
    assert read.words == "Started"


@pytest.mark.parametrize(
    "senseless",
    [
        None,
        5,
        entry(createdAt="yesterday"),
        entry(createdAt="2026-03-04T12:00:00"),
        entry(type=None),
        entry(serviceId=None),
    ],
)
def test_what_makes_no_sense_is_left_out_and_the_others_kept(senseless: object) -> None:
    assert [item.kind for item in parse_activities([senseless, entry()])] == ["service_start"]


def test_unknown_kinds_and_actors_are_kept_in_clouds_words() -> None:
    (read,) = parse_activities([entry(type="service_update_teapot", actorType="robot")])
    assert (read.words, read.actor) == ("Update teapot", Actor.OTHER)


def test_the_newest_come_first() -> None:
    old = entry(createdAt="2026-03-03T12:00:00Z", type="service_stop")
    assert [item.kind for item in parse_activities([old, entry()])] == [
        "service_start",
        "service_stop",
    ]


@pytest.mark.parametrize("value", [None, {}, "text"])
def test_what_is_no_list_is_no_answer(value: object) -> None:
    with pytest.raises(CloudAnswerLost):
        parse_activities(value)


def test_they_are_asked_for_from_a_time_on(mocked: responses.RequestsMock) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    query = matchers.query_param_matcher({"from_date": "2026-03-01T00:00:00+00:00"})
    url = f"{URL}/v1/organizations/{ORGANIZATION_ID}/activities"
    mocked.get(url, body=success([entry()]), match=[query])
    assert len(make_client().list_activities(since)) == 1


class Cloud(CloudClient):
    """A Cloud that counts how often it is asked."""

    def __init__(self) -> None:
        self.calls: list[datetime] = []
        self.error: CloudError | None = None
        self.seconds = 0.0

    def list_activities(self, since: datetime) -> tuple[Activity, ...]:
        """One entry."""
        self.calls.append(since)
        self.during()
        if self.error:
            raise self.error
        return parse_activities([entry()])

    def during(self) -> None:
        """Nothing, unless a test says otherwise."""


def make_log(cloud: Cloud, engine: Engine) -> ActivityLog:
    """A log whose clock is the cloud's `seconds`."""
    clock = clocked_readings(engine, lambda: NOW + timedelta(seconds=cloud.seconds))
    return ActivityLog(cloud, clock)


def test_everybody_who_looks_within_a_minute_shares_one_reading(
    engine: Engine,
) -> None:
    cloud = Cloud()
    log = make_log(cloud, engine)
    assert cloud.calls == []
    for _ in range(50):
        assert len(log.list_activities().entries) == 1
    cloud.seconds = FRESH_SECONDS
    log.list_activities()
    assert len(cloud.calls) == 2
    assert abs(datetime.now(UTC) - SPAN - cloud.calls[0]) < timedelta(seconds=10)


def test_after_a_failure_what_was_known_stays_and_is_not_asked_for_at_every_read(
    engine: Engine,
) -> None:
    cloud = Cloud()
    log = make_log(cloud, engine)
    log.list_activities()
    cloud.error, cloud.seconds = REFUSED, FRESH_SECONDS
    for _ in range(5):
        known = log.list_activities()
    assert (len(known.entries), str(known.error)) == (1, str(REFUSED))
    assert len(cloud.calls) == 2


def test_nobody_waits_for_a_reading_that_another_makes(
    engine: Engine,
) -> None:
    cloud, is_reading, may_end = Cloud(), threading.Event(), threading.Event()

    def hold() -> None:
        is_reading.set()
        may_end.wait(5)

    cloud.during = hold  # type: ignore[method-assign] # what happens while Cloud is asked
    log = make_log(cloud, engine)
    thread = threading.Thread(target=log.list_activities)
    thread.start()
    is_reading.wait(5)
    assert log.list_activities().entries == ()
    may_end.set()
    thread.join()
    assert len(log.list_activities().entries) == 1
    assert len(cloud.calls) == 1
