"""What Cloud's metrics of one service say: Prometheus' text format, read by its own library.

Only the lines of METRICS are read. A label may hold anything, quotes, line ends and emoji too.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from prometheus_client.parser import text_string_to_metric_families

from app.cloud.transport.answers import lost
from app.domain.load.samples import Activity, Counters, ReplicaSample, Sample

GIB = 1024**3
INFO = "ClickHouse_ServiceInfo"
STATUS, HOSTS = "clickhouse_cluster_status", ("hostname", "instance")
MEMORY_USED = "ClickHouseAsyncMetrics_CGroupMemoryUsed"
MEMORY_TOTAL = "ClickHouseAsyncMetrics_CGroupMemoryTotal"
USER_TIME = "ClickHouseAsyncMetrics_CGroupUserTimeNormalized"
SYSTEM_TIME = "ClickHouseAsyncMetrics_CGroupSystemTimeNormalized"
MAX_CPU = "ClickHouseAsyncMetrics_CGroupMaxCPU"
QUERIES = "ClickHouseMetrics_Query"
MEMORY_FAILURES = "ClickHouseProfileEvents_QueryMemoryLimitExceeded"
FAILED_QUERIES = "ClickHouseProfileEvents_FailedQuery"
METRICS = frozenset(
    {
        *(INFO, MEMORY_USED, MEMORY_TOTAL, USER_TIME, SYSTEM_TIME),
        *(MAX_CPU, QUERIES, MEMORY_FAILURES, FAILED_QUERIES),
    }
)
MOST_LINES = 10_000
"""More of them than any service has replicas and tables of metrics."""

MOST_FIGURE = 1e18
"""No figure of a service is larger; whatever says so is not believed."""

LONGEST_HOST = 200
RESTING = {"idle": Activity.IDLE, "stopped": Activity.STOPPED}
NO_SENSE = "ClickHouse Cloud gave metrics that make no sense."

Figures = Mapping[str, float]


def parse_metrics(text: str) -> Sample:
    """One group at this moment. Raises CloudAnswerLost for what is no such text.

    An answer in part, and one while the group is coming up, has no figures: it does not tell
    whether the group works.
    """
    status, hosts = None, defaultdict[str, dict[str, float]](dict)
    try:
        for name, labels, value in _list_samples(text):
            if name == INFO:
                status = labels.get(STATUS, "")
            elif 0 <= value <= MOST_FIGURE:  # neither is NaN
                host = next((labels[key] for key in HOSTS if key in labels), "")[:LONGEST_HOST]
                hosts[host][name] = max(value, hosts[host].get(name, 0.0))
    except (ValueError, LookupError, AttributeError, TypeError):  # its parser checks nothing first
        raise lost(NO_SENSE) from None
    if status is None:
        raise lost(NO_SENSE)
    if status in RESTING:
        return Sample(RESTING[status])
    replicas = tuple(replica_of(host, figures) for host, figures in sorted(hosts.items()))
    return Sample(Activity.AWAKE if replicas else None, replicas)


def _list_samples(text: str) -> Iterator[tuple[str, Mapping[str, str], float]]:
    lines = [line for line in text.split("\n") if _name_of(line) in METRICS]
    for family in text_string_to_metric_families("\n".join(lines[:MOST_LINES]) + "\n"):
        for sample in family.samples:
            yield sample.name, sample.labels, sample.value


def _name_of(line: str) -> str:
    return line.split("{", 1)[0].split(" ", 1)[0]


def replica_of(host: str, figures: Figures) -> ReplicaSample:
    """One replica by its figures, named as METRICS are."""
    times = [figures[name] for name in (USER_TIME, SYSTEM_TIME) if name in figures]
    return ReplicaSample(
        host=host,
        memory_used_gb=_gb(figures, MEMORY_USED),
        memory_total_gb=_gb(figures, MEMORY_TOTAL),
        cpu_share=sum(times) if times else None,
        cpu_cores=figures.get(MAX_CPU),
        queries=figures.get(QUERIES),
        counters=Counters(figures.get(MEMORY_FAILURES), figures.get(FAILED_QUERIES)),
    )


def _gb(figures: Figures, name: str) -> float | None:
    value = figures.get(name)
    return None if value is None else round(value / GIB, 3)
