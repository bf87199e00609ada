"""The block that lets Terraform leave alone what people change here."""

import pytest

from app.domain.groups.terraform import SCALING_ATTRIBUTES, format_ignore_changes


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Analytics ad hoc", "analytics_ad_hoc"),
        ("7 days", "service_7_days"),
        ("---", "service"),
        ('x" { evil', "x_evil"),
    ],
)
def test_the_block_is_for_the_resource_named_after_the_group(name: str, label: str) -> None:
    lines = format_ignore_changes(name).splitlines()
    assert lines[0] == f'resource "clickhouse_service" "{label}" {{'
    assert [line.strip(" ,") for line in lines if line.endswith(",")] == list(SCALING_ATTRIBUTES)
