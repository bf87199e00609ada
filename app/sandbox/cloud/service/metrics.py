"""The Prometheus text of a service: plausible figures that follow the clock."""

import math
from typing import Any

from app.sandbox.cloud.service.commands import UP
from app.sandbox.world import ORGANIZATION_ID

GIB = 1024**3
GB_PER_VCPU = 4  # standard profile


def prometheus_text(service: dict[str, Any], now: float, is_filtered: bool) -> str:
    """Write the metrics. A service that is not up gives its state and nothing else."""
    labels = f'clickhouse_org="{ORGANIZATION_ID}",clickhouse_service="{service["id"]}"'
    labels += f',clickhouse_service_name="{service["name"]}"'
    status = f'{labels},clickhouse_cluster_status="{service["state"]}"'
    lines = ["# TYPE ClickHouse_ServiceInfo gauge", f"ClickHouse_ServiceInfo{{{status}}} 1"]
    if service["state"] in UP:
        for name, values in _figures(service, now, is_filtered).items():
            lines.append(f"# TYPE {name} gauge")
            lines += [_line(name, labels, replica, v) for replica, v in enumerate(values)]
    return "\n".join(lines) + "\n"


def _figures(service: dict[str, Any], now: float, is_filtered: bool) -> dict[str, list[float]]:
    """One value a replica for each metric; the load is a slow wave, shifted by replica."""
    scaling = service["currentScaling"]
    total_gb = scaling["effectiveMaxReplicaMemoryGb"]
    count = scaling["effectiveMinReplicas"]
    loads = [0.5 + 0.35 * math.sin(now / 300 + replica) for replica in range(count)]
    figures = {
        "ClickHouseAsyncMetrics_CGroupMemoryUsed": [load * total_gb * GIB for load in loads],
        "ClickHouseAsyncMetrics_CGroupMemoryTotal": [total_gb * GIB] * count,
        "ClickHouseAsyncMetrics_CGroupUserTimeNormalized": [load * 0.8 for load in loads],
        "ClickHouseAsyncMetrics_CGroupMaxCPU": [total_gb / GB_PER_VCPU] * count,
        "ClickHouseMetrics_Query": [float(int(load * 10)) for load in loads],
    }
    return figures if is_filtered else figures | {"ClickHouseMetrics_Merge": [1.0] * count}


def _line(name: str, labels: str, replica: int, value: float) -> str:
    return f'{name}{{{labels},instance="replica-{replica}"}} {value:g}'
