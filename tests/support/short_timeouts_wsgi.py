"""The portal with room for tests (see no_budget_wsgi), and with little patience.

Everything that waits for Cloud or ClickHouse waits a fraction of its time, in proportion, so that
each way to fail can be seen in each place within minutes.
"""

from app import deadlines
from app.clickhouse.login import ClickHouseLogin
from app.cloud.transport import retries as http
from app.cloud.transport.sending import CallTimeouts

deadlines.REQUEST_SECONDS = 2.5
http.READ = CallTimeouts(read_seconds=0.7, total_seconds=1.2, tries=2)
http.WRITE = CallTimeouts(read_seconds=0.9, total_seconds=0.9, tries=1)
http.LEAST_FOR_WRITE_SECONDS = 0.3
ClickHouseLogin.__init__.__kwdefaults__ = {
    "connect_timeout_seconds": 0.5,
    "read_timeout_seconds": 1.0,
    "waking_timeout_seconds": 120.0,
}

from tests.support.no_budget_wsgi import app  # noqa: E402 - the application is built when imported

__all__ = ["app"]
