"""A portal that is stopped in good order ends what was begun, and nobody waits for it in vain."""

from concurrent.futures import ThreadPoolExecutor

from tests.pages.changes.buttons import press
from tests.pages.people import draft
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until


def test_while_it_ends_what_was_begun_nobody_can_connect_any_more(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = Browser(fresh_portal.url)
    alice.sign_in(sandbox.person("alice"))
    page = draft(alice, sandbox)
    slow_press = press(alice, page.path.replace("/review", "/confirm"), page.csrf_token)
    sandbox.fault("PATCH *", "slow", seconds=2)
    with ThreadPoolExecutor(2) as pool:
        pressed = pool.submit(slow_press)
        wait_until(lambda: sandbox.patches() != [])
        pool.submit(fresh_portal.stop)
        wait_until(lambda: not fresh_portal._is_listening())
        assert not pressed.done()
        assert pressed.result() == 303
    assert fresh_portal.execute("SELECT state FROM changes") == [("applied",)]
