"""A password that was checked a moment ago serves reading; whoever changes something is checked."""

from tests.api.client import ApiClient
from tests.api.paths import LARGER, REPORTING, group_path
from tests.conftest import StartPortal
from tests.support.portal import NO_BUDGET
from tests.support.sandbox import RunningSandbox


def test_each_write_is_checked_and_reading_is_not(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    client = ApiClient(start_portal(entry=NO_BUDGET).url, sandbox.person("alice"))
    for _ in range(3):
        client.get(group_path(sandbox))
    assert len(sandbox.requests("clickhouse")) == 1
    client.post(group_path(sandbox, part="changes"), LARGER, 201)
    assert len(sandbox.requests("clickhouse")) == 2
    client.post("/scaling", {"service_id": sandbox.service_id(REPORTING), **LARGER}, 200)
    assert len(sandbox.requests("clickhouse")) == 3


def test_a_password_changed_a_moment_ago_changes_nothing_and_reads_nothing_more(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    client = ApiClient(start_portal(entry=NO_BUDGET).url, sandbox.person("alice"))
    client.get(group_path(sandbox))
    sandbox.fault("clickhouse:", "status", status=403, code=516, times=None)
    client.get(group_path(sandbox))
    client.post(group_path(sandbox, part="changes"), LARGER, 401)
    client.get(group_path(sandbox), 401)
    assert sandbox.writes() == []
