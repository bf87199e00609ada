"""The portal's own figures: made from what was seen, a few groups at a time, days once over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from app.domain.load.buckets import Bucket, start_of
from app.domain.load.samples import Activity
from app.domain.spend.days import Estimate
from app.services.spend import estimator as module
from app.services.spend.estimator import SpendEstimator
from app.store.changes import ChangeStore
from app.store.load import LoadStore
from app.store.spend import SpendStore
from tests.unit.builders import NOW, PRIMARY_ID, SetPolicy, make_catalog
from tests.unit.services.fakes import Clock

TODAY = NOW.date()


@pytest.fixture
def estimator(engine: Engine, clock: Clock) -> SpendEstimator:
    """Over real records, of the usual groups."""
    load = LoadStore(engine)
    load.add_targets([PRIMARY_ID])
    store = SpendStore(engine)
    return SpendEstimator(SetPolicy(make_catalog()), load, ChangeStore(engine), store, clock)


def see(estimator: SpendEstimator, hours_ago: float) -> None:
    """It ran with 3 replicas of 16 GB."""
    at = start_of((estimator.now() - timedelta(hours=hours_ago)).timestamp())
    read = [Bucket(at, Activity.AWAKE, memory_total_gb=16.0, replicas=3)]
    estimator.load.record(PRIMARY_ID, read, {}, estimator.now().timestamp())


def known(estimator: SpendEstimator) -> dict[date, Estimate]:
    """All own figures of the group."""
    return dict(estimator.store.map_figures([PRIMARY_ID], date(2026, 1, 1))[PRIMARY_ID].estimates)


def test_the_last_month_and_today_follow_from_the_load(estimator: SpendEstimator) -> None:
    see(estimator, 2)
    see(estimator, 24 * 20)
    estimator.estimate_due()
    hour = Estimate(48 * 3600)
    assert known(estimator) == {TODAY - timedelta(days=20): hour, TODAY: hour}


def test_nothing_is_made_anew_within_minutes(estimator: SpendEstimator, clock: Clock) -> None:
    see(estimator, 3)
    estimator.estimate_due()
    see(estimator, 1.5)
    estimator.estimate_due()
    assert known(estimator)[TODAY].gb_seconds == 48 * 3600
    clock.advance(300)
    estimator.estimate_due()
    assert known(estimator)[TODAY].gb_seconds == 2 * 48 * 3600


def test_a_day_that_was_not_over_is_finished_on_the_next(
    estimator: SpendEstimator, clock: Clock
) -> None:
    see(estimator, 3)
    estimator.estimate_due()
    clock.advance(11.5 * 3600)
    see(estimator, 0)
    clock.advance(3600)
    estimator.estimate_due()
    # It was seen half an hour before midnight, and that holds for an hour.
    assert known(estimator) == {
        TODAY: Estimate(48 * 3600 * 3 // 2),
        TODAY + timedelta(days=1): Estimate(48 * 1800),
    }


def test_a_run_makes_figures_of_a_few_groups(
    estimator: SpendEstimator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_AT_ONCE", 1)
    groups = len(estimator.policy.catalog.all_groups())
    for count in range(groups):
        assert len(estimator.store.map_estimated()) == count
        estimator.estimate_due()
    assert len(estimator.store.map_estimated()) == groups


def test_a_group_that_nobody_saw_has_no_figure(estimator: SpendEstimator) -> None:
    estimator.estimate_due()
    assert known(estimator) == {TODAY: Estimate(None)}
