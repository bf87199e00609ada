"""A past load for a portal that runs: written into its records as the worker writes it."""

import time

from pydantic import SecretStr

from app.domain.load.buckets import Bucket, start_of
from app.domain.load.samples import Activity
from app.store.database.engine import open_engine
from app.store.load import LoadStore
from tests.support.portal import PortalProcess

DAY_BUCKETS = 288


def write_load(portal: PortalProcess, service_id: str, *, days: int = 2, failures: int = 0) -> None:
    """Two days at 12 of 16 GB, an idle hour a while ago, and `failures` for memory lately."""
    engine = open_engine(SecretStr(portal.database_url))
    store, now = LoadStore(engine), time.time()
    newest = start_of(now)
    if service_id not in {target.service_id for target in store.list_targets()}:
        store.add_targets([service_id])
    store.record(
        service_id,
        [_bucket(newest, age, failures) for age in range(days * DAY_BUCKETS, -1, -1)],
        {},
        now,
    )
    engine.dispose()


def _bucket(newest: int, age: int, failures: int) -> Bucket:
    start = newest - 300 * age
    if 100 <= age < 112:
        return Bucket(start, Activity.IDLE, min_gb=8, max_gb=16)
    used = 15.2 if age == 30 else 12.0
    failed = failures if age == 30 else 0
    return Bucket(
        starts_at=start,
        activity=Activity.AWAKE,
        memory_used_gb=used,
        memory_total_gb=16.0,
        cpu_share=0.5,
        cpu_share_least=0.5,
        cpu_cores=4.0,
        queries=3.0,
        memory_failures=failed,
        failed_queries=failed,
        replicas=1,
        min_gb=8,
        max_gb=16,
    )
