"""The metrics of a service: figures of each replica, and the Prometheus text that Cloud writes."""

from typing import Any

from app.sandbox.cloud.service import workload
from app.sandbox.cloud.service.commands import UP
from app.sandbox.world import ORGANIZATION_ID

GIB = 1024**3
GB_PER_VCPU = 4  # standard profile
STEP_GB = 4
ROOM = 1.25
"""What is kept above the usual need, as Cloud's own rule has it."""

USED, TOTAL = "ClickHouseAsyncMetrics_CGroupMemoryUsed", "ClickHouseAsyncMetrics_CGroupMemoryTotal"
FAILURES = "ClickHouseProfileEvents_QueryMemoryLimitExceeded"
FAILED = "ClickHouseProfileEvents_FailedQuery"
Figures = dict[str, float]


def prometheus_text(service: dict[str, Any], now: float, is_filtered: bool) -> str:
    """Write the metrics. A service that is not up gives its state and nothing else."""
    labels = f'clickhouse_org="{ORGANIZATION_ID}",clickhouse_service="{service["id"]}"'
    labels += f',clickhouse_service_name="{_quoted(service["name"])}"'
    status = f'{labels},clickhouse_cluster_status="{service["state"]}",scrape="full"'
    lines = ["# TYPE ClickHouse_ServiceInfo gauge", f"ClickHouse_ServiceInfo{{{status}}} 1"]
    if service["state"] in UP:
        hosts = replicas_of(service, now)
        for name in next(iter(hosts.values())):
            kind = "counter" if "ProfileEvents" in name else "gauge"
            lines.append(f"# TYPE {name} {kind}")
            lines += [_line(name, labels, host, figures[name]) for host, figures in hosts.items()]
        if not is_filtered:
            lines += [_line("ClickHouseMetrics_Merge", labels, host, 1.0) for host in hosts]
    return "\n".join(lines) + "\n"


def replicas_of(service: dict[str, Any], now: float) -> dict[str, Figures]:
    """The figures of each replica, by its host: another size is another host."""
    scaling = service["currentScaling"]
    sizes = scaling["effectiveMinReplicaMemoryGb"], scaling["effectiveMaxReplicaMemoryGb"]
    total_gb = size_gb(service["name"], sizes, now)
    number = service["id"][-4:]
    return {
        f"c-sandbox-{number}-server-{total_gb}-{replica}": _figures(
            service["name"], now, total_gb, replica
        )
        for replica in range(max(1, scaling["effectiveMinReplicas"]))
    }


def size_gb(name: str, sizes: tuple[int, int], now: float) -> int:
    """The memory that a replica has: what people usually need at this hour, within the range."""
    work = workload.workload_of(name)
    usual = work.base_gb + (work.office_gb if workload.office(now) > 0.1 else 0.0)
    wanted = -int(-usual * ROOM // STEP_GB) * STEP_GB
    least, most = sizes
    return int(max(least, min(wanted, most)))


def _figures(name: str, now: float, total_gb: int, replica: int) -> Figures:
    uneven = 1 - 0.06 * replica * workload.chance(name, replica)
    needed = workload.memory_gb(name, now) * uneven
    limit = total_gb / GB_PER_VCPU
    busy = min(0.97, workload.cores(name, now, replica) / limit)
    failures = 0 if replica else workload.failures_since_monday(name, now, total_gb)
    return {
        USED: min(needed, workload.FULL * total_gb) * GIB,
        TOTAL: float(total_gb * GIB),
        "ClickHouseAsyncMetrics_CGroupUserTimeNormalized": busy * 0.85,
        "ClickHouseAsyncMetrics_CGroupSystemTimeNormalized": busy * 0.15,
        "ClickHouseAsyncMetrics_CGroupMaxCPU": limit,
        "ClickHouseMetrics_Query": float(workload.queries(name, now, replica)),
        FAILURES: float(failures),
        FAILED: float(failures + int(now) // workload.DAY_SECONDS % 7),
    }


def _line(name: str, labels: str, host: str, value: float) -> str:
    return f'{name}{{{labels},hostname="{host}",instance="{host}"}} {value:.10g}'


def _quoted(text: str) -> str:
    """A label as the format wants it."""
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
