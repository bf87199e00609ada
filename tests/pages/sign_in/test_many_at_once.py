"""Many people sign in at the same moment while ClickHouse is slow to answer."""

import re
import threading
from collections import Counter

from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET
from tests.support.sandbox import RunningSandbox

PEOPLE = 30
BUSY = "The portal is checking many passwords at the moment. Try again in a few seconds."


def arrive(url: str, given: dict[str, str], met: list[str]) -> None:
    """Open the form, send it, and note how that ended."""
    browser = Browser(url)
    token = browser.get("/sign-in").csrf_token
    answer = browser.session.post(
        f"{url}/sign-in", {**given, "csrf_token": token}, allow_redirects=False, timeout=60
    )
    text = " ".join(re.sub("<[^>]*>", " ", answer.text).split())
    if answer.status_code == 303:
        met.append("in")
    elif answer.status_code == 503 and BUSY in text and answer.headers["Retry-After"] == "5":
        met.append("busy")
    else:
        met.append(f"{answer.status_code} {text}")


def test_thirty_people_get_in_or_are_told_why_while_clickhouse_takes_nine_seconds(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(entry=NO_BUDGET, PORTAL_TRUSTED_PROXIES="1")
    sandbox.fault("clickhouse:", "slow", seconds=9, times=PEOPLE)
    names = ("alice", "bob", "quinn", "dana")
    met: list[str] = []
    threads = []
    for number in range(PEOPLE):
        person = sandbox.person(names[number % len(names)])
        given = {"warehouse": person.warehouse, "user": person.name, "password": person.password}
        threads.append(threading.Thread(target=arrive, args=(portal.url, given, met)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ends = Counter(met)
    assert set(ends) == {"in", "busy"}
    assert ends["in"] >= 10
    sandbox.clear_faults()
    # Having been told so counted for nothing: they come again and get in.
    Browser(portal.url).sign_in(sandbox.person("alice"))
