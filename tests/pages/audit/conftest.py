"""The audit log of the portal that the tests share."""

from collections.abc import Iterator

import pytest

from tests.support.audit_log import AuditLogReader
from tests.support.portal import PortalProcess


@pytest.fixture
def audit_log(portal: PortalProcess) -> AuditLogReader:
    """What is written from here on."""
    return AuditLogReader(portal)


@pytest.fixture
def shut_audit_log(audit_log: AuditLogReader) -> Iterator[AuditLogReader]:
    """To be shut by the test, and opened again after it."""
    yield audit_log
    if audit_log.portal.execute("SELECT name FROM sqlite_master WHERE name = 'shut'"):
        audit_log.open()
