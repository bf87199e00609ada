"""A provider for each worker, and portals whose Analytics trusts it."""

from collections.abc import Callable, Iterator

import pytest

from app.sandbox.identity.people import CLIENT_SECRET
from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.openid_provider import RunningProvider, running_provider
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

StartWith = Callable[..., PortalProcess]
ANALYTICS = "0b000000-0000-4000-8000-000000000001"


@pytest.fixture(scope="session")
def worker_provider() -> Iterator[RunningProvider]:
    """The provider of this worker. Tests ask for `provider`, which behaves at first."""
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(worker_provider: RunningProvider, sandbox: RunningSandbox) -> RunningProvider:
    """A provider that behaves, and that the services of Analytics trust."""
    worker_provider.order()
    trusted = {"issuer": worker_provider.url, "jwks_uri": f"{worker_provider.url}/jwks.json"}
    sandbox.control("POST", "/providers", trusted | {"warehouse_id": ANALYTICS})
    return worker_provider


@pytest.fixture
def start_with(provider: RunningProvider, start_portal: StartPortal) -> StartWith:
    """Start a portal of the test's own with these keys of its first warehouse."""

    def start(**warehouse: object) -> PortalProcess:
        portal = start_portal(
            adapt=lambda config: provider.configure(config, **warehouse),
            PORTAL_OIDC_CLIENT_SECRETS=f"acme={CLIENT_SECRET}",
            PORTAL_WORKER="apart",
        )
        provider.know(portal.url)
        return portal

    return start


@pytest.fixture
def company_portal(start_with: StartWith) -> PortalProcess:
    """A portal whose Analytics takes both ways, with roles from ClickHouse."""
    return start_with()


@pytest.fixture
def browser(company_portal: PortalProcess) -> Browser:
    """Somebody who is not signed in there."""
    return Browser(company_portal.url)
