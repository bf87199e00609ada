"""What a Terraform configuration says so that it leaves alone what people change here."""

import re

SCALING_ATTRIBUTES = (
    "min_replica_memory_gb",
    "max_replica_memory_gb",
    "num_replicas",
    "idle_scaling",
    "idle_timeout_minutes",
)
"""Attributes of `clickhouse_service` that the portal changes, by the documentation of the provider
ClickHouse/clickhouse. Terraform refuses names that the provider's version does not know.
"""


def format_ignore_changes(group_name: str) -> str:
    """The block for the resource of a group, which is named after the group."""
    label = re.sub(r"[^a-z0-9]+", "_", group_name.lower()).strip("_") or "service"
    if label[0].isdigit():
        label = f"service_{label}"
    ignored = "".join(f"      {name},\n" for name in SCALING_ATTRIBUTES)
    return (
        f'resource "clickhouse_service" "{label}" {{\n'
        "  # what stands there, and:\n"
        "  lifecycle {\n"
        f"    ignore_changes = [\n{ignored}    ]\n"
        "  }\n"
        "}\n"
    )
