"""Fixtures of the tests against real programs."""

from tests.support.clickhouse_server import clickhouse_server

__all__ = ["clickhouse_server"]
