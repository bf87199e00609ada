"""The whole job over the ordinary entry, with Cloud's own request limit on."""

from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, group_path
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def test_alice_scales_a_group(fresh_portal: PortalProcess, sandbox: RunningSandbox) -> None:
    sandbox.reset(rate_limit=10)
    browser, path = Browser(fresh_portal.url), group_path(sandbox)
    browser.get("/", to="/sign-in?next=/")
    browser.is_signed_in = True
    given = {"warehouse": "analytics", "user": "alice", "password": "alice-sandbox-1"}
    browser.post("/sign-in", {**given, "csrf_token": browser.page.csrf_token}, to="/groups")
    page = browser.get(browser.page.link(REPORTING))
    page = browser.get(page.link("Scale this group"))
    typed = {"max_memory_gb": "64", "num_replicas": "2", "reason": "Quarter end"}
    browser.submit("Review changes", typed, to=TO_REVIEW)
    page = browser.submit(f"Scale {REPORTING}", to=TO_CHANGE)
    assert page.text(".headline-state") == "Accepted, taking effect"
    sandbox.advance(3600)
    assert page.h1.split()[1] in browser.get(path).main
    browser.sign_out()

    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64, "numReplicas": 2}]
    assert {item["status"] for item in sandbox.requests("cloud")} == {200}
    assert [sandbox.connections(name) for name in ("Analytics ad hoc", "Analytics month end")] == [
        0,
        0,
    ]
    assert len(sandbox.requests("clickhouse")) == 1


def test_many_lookers_cost_no_more_than_one(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    # ASVS 2.4.1
    browser = Browser(fresh_portal.url)
    browser.sign_in(sandbox.person("alice"))
    before = len(sandbox.requests("cloud"))
    for _ in range(40):
        browser.get("/groups/live")
    # One view serves five seconds: forty looks within a few of them cost one call or two.
    assert len(sandbox.requests("cloud")) - before <= 3
