"""On whose behalf Cloud is called."""

import threading

import pytest
import responses

from app.cloud.transport.sending import with_user
from app.context import RequestContext, set_context
from app.domain.audit.events import Channel, Origin
from tests.unit.cloud.helpers import URL, USER_AGENT, make_http, success


def signed(user: str = "", request_id: str = "") -> str:
    """How the portal names itself while it works for somebody."""
    set_context(RequestContext(Origin(Channel.PAGE, request_id=request_id), user))
    return with_user("portal/1")


@pytest.mark.parametrize(
    ("user", "request_id", "named"),
    [
        ("alice", "0a1b", "portal/1 (user=alice; request=0a1b)"),
        ("", "0a1b", "portal/1 (request=0a1b)"),
        ("", "", "portal/1"),
        ("al ice@example.com", "1", "portal/1 (user=al_ice@example.com; request=1)"),
        (
            "eve) (user=alice; request=2",
            "1",
            "portal/1 (user=eve___user_alice__request_2; request=1)",
        ),
        ("x\r\nEvil: 1", "1", "portal/1 (user=x__Evil__1; request=1)"),
        ("żółć", "1", "portal/1 (user=____; request=1)"),
        ("a" * 300, "1", f"portal/1 (user={'a' * 64}; request=1)"),
    ],
)
def test_a_name_is_told_and_forges_nothing(user: str, request_id: str, named: str) -> None:
    assert signed(user, request_id) == named


def test_a_request_of_somebody_else_does_not_keep_the_name() -> None:
    signed("alice", "1")
    assert signed("", "2") == "portal/1 (request=2)"


def test_every_thread_works_for_its_own_person() -> None:
    signed("alice", "1")
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(with_user("portal/1")))
    thread.start()
    thread.join()
    assert found == ["portal/1"]


def test_it_goes_out_with_the_call(mocked: responses.RequestsMock) -> None:
    mocked.get(f"{URL}/a", body=success(1))
    signed("alice", "0a1b")
    make_http().get("/a")
    agent = mocked.calls[0].request.headers["User-Agent"]
    assert agent == f"{USER_AGENT} (user=alice; request=0a1b)"
