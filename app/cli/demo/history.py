"""A month of load for the demonstration, so that its charts have something to show at once.

The sandbox tells what its services would have said in the past. That takes the way of what is read
in the present: as samples, whose counters are compared, into the records.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from app.cli.demo.portal import get_json
from app.cloud.parsing.metrics import RESTING, replica_of
from app.domain.load.buckets import Bucket, bucket_of
from app.domain.load.samples import Activity, Sample, differences
from app.settings import Settings
from app.store.database.engine import open_engine, upgrade
from app.store.load import LoadStore

DAYS = 30


def fill_load(settings: Settings, world: Mapping[str, Any]) -> None:
    """Write the last month of every group of the sandbox. Raises StoreUnavailable."""
    engine = open_engine(settings.database_url)
    upgrade(engine)
    store = LoadStore(engine)
    groups = [group.service_id for group in settings.catalog.all_groups()]
    store.add_targets(groups)
    for service_id in groups:
        address = f"{world['url']}/_sandbox/services/{service_id}/load?days={DAYS}"
        told = get_json(address)
        moments = [(item["at"], _sample_of(item)) for item in told["moments"]]
        size = {"min_gb": told["min_gb"], "max_gb": told["max_gb"]}
        read = [replace(bucket, **size) for bucket in _list_buckets(moments)]
        last_at, last = moments[-1]
        store.record(service_id, read, last.counters, last_at)
    engine.dispose()


def _sample_of(moment: Mapping[str, Any]) -> Sample:
    if moment["state"] in RESTING:
        return Sample(RESTING[moment["state"]])
    replicas = tuple(replica_of(host, item) for host, item in moment["replicas"].items())
    return Sample(Activity.AWAKE, replicas)


def _list_buckets(moments: list[tuple[int, Sample]]) -> list[Bucket]:
    found = []
    for (_, before), (at, sample) in pairwise(moments):
        counted = differences(before.counters, sample.counters)
        if bucket := bucket_of(sample, counted, None, at):
            found.append(bucket)
    return found
