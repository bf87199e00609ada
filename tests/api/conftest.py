"""Programs that call the portal which the tests share."""

from collections.abc import Callable

import pytest

from tests.api.client import ApiClient
from tests.support.portal import PortalProcess

Call = Callable[[str], ApiClient]


@pytest.fixture
def call(portal: PortalProcess) -> Call:
    """Calls as somebody of the sandbox's world: `call("alice").get(…)`."""
    portal.execute("DELETE FROM idempotency_keys")
    return lambda name: ApiClient(portal.url, portal.sandbox.person(name))
