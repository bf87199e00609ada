"""Reading the cost report: seldom, within the request budget, and with a word where it fails."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from app.domain.spend.costs import CostRow
from app.domain.spend.reading import LONGEST_DAYS, Span
from app.errors import CloudAnswerLost, CloudError, CloudKeyRefused, CloudNotAsked
from app.services.spend.reader import NO_PERMISSION, SpendReader
from app.store.spend import SpendStore
from tests.unit.services.fakes import Clock, FakeCloud
from tests.unit.store.test_spend import row

HOUR = 3600.0


class CostCloud(FakeCloud):
    """Tells costs; notes which days it was asked for."""

    def __init__(self) -> None:
        super().__init__([])
        self.asked: list[tuple[date, date]] = []
        self.error: CloudError | None = None
        self.longest_days = LONGEST_DAYS

    def read_costs(self, first: date, last: date) -> tuple[CostRow, ...]:
        """One row of the last day."""
        self.asked.append((first, last))
        if self.error:
            raise self.error
        if (last - first).days >= self.longest_days:
            raise CloudAnswerLost(message="Too long.")
        return (row("3", day=last),)


@pytest.fixture
def cloud() -> CostCloud:
    """A Cloud that answers."""
    return CostCloud()


@pytest.fixture
def reader(engine: Engine, clock: Clock, cloud: CostCloud) -> SpendReader:
    """Over real records."""
    return SpendReader(cloud, SpendStore(engine), clock)


def run(reader: SpendReader, clock: Clock, hours: float) -> None:
    """The job, once a minute."""
    for _ in range(int(hours * 60)):
        reader.read_due()
        clock.advance(60)


def test_a_day_costs_a_month_and_an_hourly_look(
    reader: SpendReader, clock: Clock, cloud: CostCloud
) -> None:
    run(reader, clock, 24)
    lengths = [(last - first).days + 1 for first, last in cloud.asked]
    assert lengths == [31, *[2] * 23]
    assert cloud.asked[0][1] == date(2026, 3, 4)


def test_what_was_read_is_kept(reader: SpendReader, clock: Clock) -> None:
    run(reader, clock, 0.1)
    assert set(reader.store.map_marks()) == set(Span)


def test_without_the_permission_it_says_so_and_asks_once_an_hour(
    reader: SpendReader, clock: Clock, cloud: CostCloud
) -> None:
    cloud.error = CloudKeyRefused(message="No.", request_id=None, upstream_status=403)
    run(reader, clock, 3)
    assert len(cloud.asked) == 3
    assert {mark.error for mark in reader.store.map_marks().values()} == {NO_PERMISSION}
    cloud.error = None
    clock.advance(HOUR)
    run(reader, clock, 0.1)
    assert {mark.error for mark in reader.store.map_marks().values()} == {""}


def test_the_latest_days_are_read_while_the_month_cannot_be(
    reader: SpendReader, clock: Clock, cloud: CostCloud
) -> None:
    cloud.longest_days = 5
    run(reader, clock, 8)
    lengths = [(last - first).days + 1 for first, last in cloud.asked]
    assert lengths == [31, 2] * 8
    marks = reader.store.map_marks()
    assert (marks[Span.MONTH].error, marks[Span.LATEST].error) == ("Too long.", "")
    assert clock() - marks[Span.LATEST].read_at <= timedelta(hours=1)  # type: ignore[operator] # it was read


def test_where_no_request_is_to_spare_it_waits_and_says_nothing(
    reader: SpendReader, clock: Clock, cloud: CostCloud
) -> None:
    cloud.error = CloudNotAsked(message="Later.", retry_after_seconds=5)
    run(reader, clock, 0.1)
    assert len(cloud.asked) == 6
    assert reader.store.map_marks() == {}


def test_an_answer_that_makes_no_sense_loses_nothing_that_is_known(
    reader: SpendReader, clock: Clock, cloud: CostCloud
) -> None:
    run(reader, clock, 0.1)
    cloud.error = CloudAnswerLost(message="Odd.")
    clock.advance(timedelta(hours=2).total_seconds())
    run(reader, clock, 0.1)
    marks = reader.store.map_marks()
    assert marks[Span.LATEST].error == "Odd."
    assert marks[Span.LATEST].read_at is not None
