"""A portal as people reach it in production: by https, through a proxy."""

from collections.abc import Iterator

import pytest

from tests.pages.security.behind_tls import PUBLIC_URL, TlsBrowser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox


@pytest.fixture(scope="session")
def tls_portal(
    worker_sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalProcess]:
    """One for each worker."""
    portal = PortalProcess(
        tmp_path_factory.mktemp("portal-tls"),
        worker_sandbox,
        entry=NO_BUDGET,
        PORTAL_PUBLIC_URL=PUBLIC_URL,
        PORTAL_TRUSTED_PROXIES="1",
        PORTAL_HOST="127.0.0.1",
    )
    try:
        yield portal.start()
    finally:
        portal.kill()


@pytest.fixture
def stranger(tls_portal: PortalProcess, sandbox: RunningSandbox) -> TlsBrowser:
    """Somebody who is not signed in."""
    return TlsBrowser(tls_portal)


@pytest.fixture
def alice(stranger: TlsBrowser, sandbox: RunningSandbox) -> TlsBrowser:
    """Alice, signed in."""
    assert stranger.sign_in(sandbox.person("alice")).status_code == 303
    return stranger
