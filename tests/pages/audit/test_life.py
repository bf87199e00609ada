"""The portal's own coming and going."""

from pydantic import SecretStr

from app.domain.audit.chain import check_chain
from app.store.audit import EventStore
from app.store.engine import open_engine
from tests.support.audit_log import TrailReader
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def test_start_and_stop_are_events_and_the_chain_goes_on_over_them(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    Browser(fresh_portal.url).sign_in(sandbox.person("alice"))
    fresh_portal.stop()
    trail = TrailReader(fresh_portal)
    fresh_portal.start()
    assert trail.told == [("sys_startup", "start", "")]
    trail._after = 0
    kinds = [kind for kind, _, _ in trail.told]
    assert kinds == [
        "sys_startup",
        "authn_login_success",
        "session_created",
        "sys_shutdown",
        "sys_startup",
    ]
    assert trail.lines()[0]["source"]["door"] == "portal"
    engine = open_engine(SecretStr(f"sqlite:///{fresh_portal.database_path}"))
    report = check_chain(EventStore(engine).iterate())
    engine.dispose()
    assert (report.broken, report.count) == (None, 5)
