"""An Authorization header with bytes that belong in none is as good as no header at all."""

import http.client
from urllib.parse import urlsplit

import pytest
from werkzeug.security import generate_password_hash

from tests.api.paths import group_path
from tests.conftest import StartPortal
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox

DOCS = "/clickhouse/manual/scaling/docs"
STRANGE = [
    b"Basic \xff\xfe",
    b"Basic w\xe4hler",
    b"Basic \xc3\xa4\xc3\xb6",
    b"Bearer \xff\xfe",
    b"\xff\xfe",
]


def send(portal: PortalProcess, path: str, header: bytes, *, is_proxied: bool = False) -> int:
    """The status of a request with this header as it is."""
    connection = http.client.HTTPConnection(urlsplit(portal.url).netloc, timeout=20)
    connection.putrequest("GET", path)
    connection.putheader("Authorization", header)
    if is_proxied:
        connection.putheader("X-Forwarded-For", "203.0.113.9")
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.fixture
def with_docs(start_portal: StartPortal) -> PortalProcess:
    """A portal with an administrator and a token for its figures."""
    return start_portal(
        entry=NO_BUDGET,
        PORTAL_ADMIN_USERNAME="root",
        PORTAL_ADMIN_PASSWORD_HASH=generate_password_hash("a long password"),
        PORTAL_METRICS_TOKEN="pQ7-tW2_kM9xZ4vL8nR3bY6cF1hJ5gDsTests",
    )


def test_bytes_beyond_ascii_are_no_credentials(
    with_docs: PortalProcess, sandbox: RunningSandbox
) -> None:
    service_id = sandbox.service_id("Analytics reporting")
    for header in STRANGE:
        for path in (group_path(sandbox), DOCS):
            assert send(with_docs, path, header) == 401, (path, header)
        # As the older service answers where neither a header nor parameters say who asks; a token,
        # which it did not know, says so.
        asked = 401 if header.startswith(b"Bearer") else 422
        assert send(with_docs, f"/service/state?service_id={service_id}", header) == asked, header
        # To strangers the figures look as if they did not exist, whatever they send.
        assert send(with_docs, "/metrics", header, is_proxied=True) == 404
        assert send(with_docs, "/metrics", header) == 200
    assert "Traceback" not in with_docs.read_log()
    assert sandbox.requests("clickhouse") == []
