"""One view of all services for everybody, with its age."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.cloud.client import CloudClient
from app.cloud.snapshot import FRESH_SECONDS, MOST_WAITING, Snapshot, View
from app.domain.clock import SMALL_STEP
from app.domain.groups.group import Service
from app.errors import CloudError, CloudUnreachable
from tests.unit.builders import NOW, PRIMARY_ID, REPORTING_ID, VERTICAL, changed, make_service
from tests.unit.readings import clocked_readings

OLD, NEW = make_service(), make_service(configured=changed(VERTICAL, max_memory_gb=64))
DOWN = CloudUnreachable(message="ClickHouse Cloud cannot be reached.")


class Cloud(CloudClient):
    """A Cloud that answers from memory; `during` happens while it is being asked."""

    def __init__(self, *services: Service) -> None:
        self.services = services
        self.error: CloudError | None = None
        self.calls = 0
        self.seconds = 0.0

    def list_services(self) -> tuple[Service, ...]:
        self.calls += 1
        answer = self.services
        self.during()
        if self.error:
            raise self.error
        return answer

    def during(self) -> None:
        """Nothing, unless a test says otherwise."""


def make_snapshot(cloud: Cloud, engine: Engine) -> Snapshot:
    """A snapshot whose clock is the cloud's `seconds`."""
    return Snapshot(cloud, clocked_readings(engine, lambda: NOW + timedelta(seconds=cloud.seconds)))


def test_a_view_serves_everybody_for_five_seconds_and_is_then_read_again(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    first = snapshot.view()
    cloud.services, cloud.seconds = (NEW,), FRESH_SECONDS - 0.01
    assert snapshot.view() == first
    cloud.seconds = FRESH_SECONDS
    assert snapshot.view().services == {PRIMARY_ID: NEW}
    assert cloud.calls == 2


# ASVS 2.4.1
def test_a_hundred_lookers_in_a_minute_stay_far_below_the_limit(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    for tenth in range(600):
        cloud.seconds = tenth / 10
        for _ in range(10):
            snapshot.view()
    assert cloud.calls == 12


def test_the_age_of_a_resumed_reading_is_counted_from_when_it_began(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    cloud.seconds, cloud.services_lag_seconds = 100.0, 24.0
    before = datetime.now(UTC)
    snapshot.put(NEW)  # later than the first pages, earlier than the last ones
    cloud.seconds += 10
    view = snapshot.view()
    assert view.services == {PRIMARY_ID: NEW}
    assert view.taken_at is not None
    assert view.taken_at < before - timedelta(seconds=23)


def test_the_age_is_counted_from_when_cloud_was_asked(engine: Engine) -> None:
    before = datetime.now(UTC)
    view = make_snapshot(Cloud(OLD), engine).view()
    assert view.taken_at is not None
    assert before <= view.taken_at <= datetime.now(UTC)
    assert view.age_seconds(view.taken_at + timedelta(seconds=3)) == 3


def test_a_view_of_time_to_come_has_no_age_and_says_nothing_about_the_present() -> None:
    taken_at = datetime(2026, 3, 4, 12, tzinfo=UTC)
    view = View(taken_at=taken_at, error=DOWN)
    in_step = taken_at - SMALL_STEP  # a clock that was set right
    assert (view.age_seconds(in_step), view.freshness(in_step).is_recent) == (0, True)
    for back in (SMALL_STEP + timedelta(seconds=1), timedelta(hours=2)):
        assert view.age_seconds(taken_at - back) is None
        assert not view.freshness(taken_at - back).is_recent


def test_after_a_failure_what_was_known_is_shown_with_its_age_and_the_cause(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    first = snapshot.view()
    cloud.error, cloud.seconds = DOWN, 10
    stale = snapshot.view()
    assert stale.services == {PRIMARY_ID: OLD}
    assert stale.taken_at == first.taken_at
    assert str(stale.error) == str(DOWN)
    cloud.seconds = 12
    assert snapshot.view() == stale  # a Cloud in trouble is not asked by every page
    cloud.error, cloud.services, cloud.seconds = None, (NEW,), 15
    healed = snapshot.view()
    assert (healed.services, healed.error) == ({PRIMARY_ID: NEW}, None)


def test_a_first_failure_shows_nothing_and_says_why(engine: Engine) -> None:
    cloud = Cloud(OLD)
    cloud.error = DOWN
    view = make_snapshot(cloud, engine).view()
    assert (view.services, view.taken_at, str(view.error)) == ({}, None, str(DOWN))
    assert type(view.error) is type(DOWN)
    assert view.age_seconds(datetime.now(UTC)) is None


def test_a_service_that_cloud_no_longer_lists_is_gone_from_the_view(engine: Engine) -> None:
    cloud = Cloud(OLD, make_service(REPORTING_ID))
    snapshot = make_snapshot(cloud, engine)
    assert set(snapshot.view().services) == {PRIMARY_ID, REPORTING_ID}
    cloud.services, cloud.seconds = (OLD,), 10
    assert set(snapshot.view().services) == {PRIMARY_ID}


def test_what_was_just_changed_shows_at_once_without_asking_cloud(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    taken_at = snapshot.view().taken_at
    snapshot.put(NEW)
    assert snapshot.view().services == {PRIMARY_ID: NEW}
    assert snapshot.view().taken_at == taken_at
    assert cloud.calls == 1


def test_a_list_asked_for_before_a_change_does_not_undo_what_is_shown_of_it(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    snapshot.view()

    def change_meanwhile() -> None:
        cloud.seconds += 1
        snapshot.put(NEW)

    cloud.seconds, cloud.during = 10, change_meanwhile  # type: ignore[method-assign]
    assert snapshot.view().services == {PRIMARY_ID: NEW}


def test_a_list_asked_for_after_a_change_is_the_later_word(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    snapshot.put(NEW)
    cloud.seconds = 10
    assert snapshot.view().services == {PRIMARY_ID: OLD}


class SlowCloud(Cloud):
    """A Cloud that answers when it is let go."""

    def __init__(self, *services: Service) -> None:
        super().__init__(*services)
        self.is_asked, self.may_answer = threading.Event(), threading.Event()

    def during(self) -> None:
        """Wait to be let go."""
        self.is_asked.set()
        assert self.may_answer.wait(5)


def test_while_one_thread_asks_cloud_the_others_take_what_is_there(engine: Engine) -> None:
    cloud = SlowCloud(OLD)
    cloud.may_answer.set()
    snapshot = make_snapshot(cloud, engine)
    known = snapshot.view()
    cloud.is_asked.clear()
    cloud.may_answer.clear()
    cloud.services, cloud.seconds = (NEW,), 10
    asker = threading.Thread(target=snapshot.view)
    asker.start()
    assert cloud.is_asked.wait(5)
    assert snapshot.view() == known  # at once, although Cloud has not answered
    cloud.may_answer.set()
    asker.join(5)
    assert snapshot.view().services == {PRIMARY_ID: NEW}
    assert cloud.calls == 2


def test_those_who_have_nothing_to_show_wait_for_the_one_reading(engine: Engine) -> None:
    cloud = SlowCloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda: seen.append(len(snapshot.view().services)))
        for _ in range(MOST_WAITING)
    ]
    for thread in threads:
        thread.start()
    assert cloud.is_asked.wait(5)
    cloud.may_answer.set()
    for thread in threads:
        thread.join(5)
    assert seen == [1] * MOST_WAITING
    assert cloud.calls == 1


def test_of_many_who_have_nothing_to_show_some_are_told_so_at_once(engine: Engine) -> None:
    cloud = SlowCloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    threads = [threading.Thread(target=snapshot.view) for _ in range(MOST_WAITING)]
    for thread in threads:
        thread.start()
    assert cloud.is_asked.wait(5)
    while snapshot._places._value:  # until all of them wait
        time.sleep(0.01)
    told = snapshot.view()
    assert (told.services, str(told.error)) == ({}, "ClickHouse Cloud has not answered yet.")
    cloud.may_answer.set()
    for thread in threads:
        thread.join(5)
    assert len(snapshot.view().services) == 1


def test_a_fault_of_ours_leaves_the_way_open_for_the_next_reading(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)

    def stumble() -> None:
        raise ZeroDivisionError

    cloud.during = stumble  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        snapshot.view()
    del cloud.during
    assert snapshot.view().services == {PRIMARY_ID: OLD}


def test_a_service_is_gone_when_two_readings_in_a_row_have_not_shown_it(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    assert not snapshot.view().is_gone(REPORTING_ID)  # there was no reading before
    seen = []
    for services in [(), (), (OLD,), ()]:
        cloud.services, cloud.seconds = services, cloud.seconds + FRESH_SECONDS
        seen.append(snapshot.view().is_gone(PRIMARY_ID))
    assert seen == [False, True, False, False]


def test_a_reading_that_failed_does_not_count_as_one_without_a_service(engine: Engine) -> None:
    cloud = Cloud(OLD)
    snapshot = make_snapshot(cloud, engine)
    snapshot.view()
    cloud.error = DOWN
    for _ in range(3):
        cloud.seconds += FRESH_SECONDS
        assert not snapshot.view().is_gone(PRIMARY_ID)
