"""The portal's figures: what they tell, and to whom."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app import VERSION
from tests.conftest import SignIn, StartPortal
from tests.pages.people import REPORTING, confirm, draft
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

TOKEN = "pQ7-tW2_kM9xZ4vL8nR3bY6cF1hJ5gDsTests"

GROUP_FIGURES = (
    *("state", "memory_gb", "replicas", "total_memory_gb"),
    *("change_in_flight", "resizing", "budget_used_ratio"),
)

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: str) -> Figures:
    """Every figure by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def program(portal: PortalProcess) -> Browser:
    """A program on this machine, which no proxy stands before."""
    local = Browser(portal.url)
    del local.session.headers["X-Forwarded-For"]
    return local


def figures(program: Browser) -> Figures:
    """What the program reads."""
    page = program.get("/metrics")
    assert page.response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return read(page.response.text)


def test_everything_that_happens_is_counted(
    program: Browser, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    before = figures(program)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    draft(alice, sandbox)
    confirm(alice)
    alice.get("/nowhere", 404)
    after = figures(program)

    def grown(name: str, **labels: str) -> float:
        key = (name, tuple(sorted(labels.items())))
        return after[key] - before.get(key, 0)

    ok = {"outcome": "ok"}
    requests = "portal_request_seconds_count"
    assert grown(requests, endpoint="changes.confirm", method="POST", status="303") == 1
    assert grown(requests, endpoint="none", method="GET", status="404") == 1
    assert grown("portal_cloud_calls_total", kind="PATCH replicaScaling", **ok) == 1
    assert grown("portal_cloud_calls_total", kind="GET services", **ok) > 0
    assert grown("portal_sign_ins_total", door="clickhouse", **ok) == 1
    assert grown("portal_sessions") == 1
    assert after[("portal_changes", (("state", "applied"),))] == 1
    assert after[("portal_changes", (("state", "unknown"),))] == 0
    assert 0 <= after[("portal_snapshot_age_seconds", ())] < 60
    assert after[("portal_cloud_budget_left", ())] > 0


def test_the_groups_have_figures_of_state_size_and_what_is_in_progress(
    program: Browser, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    draft(alice, sandbox)
    confirm(alice)
    found = figures(program)
    group = {"warehouse": "analytics", "group": REPORTING}

    def figure(name: str, **labels: str) -> float:
        return found[(f"portal_group_{name}", tuple(sorted((group | labels).items())))]

    assert figure("state", state="running") == 1
    assert figure("change_in_flight") == 0
    assert figure("memory_gb", of="configured", bound="max") == 64
    replicas = figure("replicas", of="configured", bound="max")
    assert figure("total_memory_gb", of="configured", bound="max") == 64 * replicas
    assert figure("total_memory_gb", of="effective", bound="max") < 64 * replicas
    assert figure("resizing") == 1
    shown = {name for name, labels in found if ("group", REPORTING) in labels}
    assert shown == {f"portal_group_{name}" for name in GROUP_FIGURES}


def test_sign_ins_and_the_throttle_have_figures_before_anything_has_happened(
    start_portal: StartPortal,
) -> None:
    fresh = Browser(start_portal().url)
    del fresh.session.headers["X-Forwarded-For"]
    found = figures(fresh)
    ways = {dict(labels)["door"] for name, labels in found if name == "portal_sign_ins_total"}
    assert ways == {"clickhouse", "company", "token", "administrator"}
    assert all(value == 0 for (name, _), value in found.items() if name == "portal_sign_ins_total")
    for name in ("sign_in_checks", "sign_in_waiting", "changes_frozen", "rules_file_faulty"):
        assert found[(f"portal_{name}", ())] == 0
    assert found[("portal_build_info", (("version", VERSION),))] == 1


def test_a_wrong_password_is_counted_without_the_name(
    program: Browser, browser: Browser, sandbox: RunningSandbox
) -> None:
    browser.get("/sign-in")
    given = {"warehouse": "analytics", "user": "mallory-canary", "password": "wrong-canary"}
    browser.submit("Sign in", given, status=401)
    text = program.get("/metrics").response.text
    assert 'portal_sign_ins_total{door="clickhouse",outcome="wrong_credentials"}' in text
    assert "canary" not in text
    assert sandbox.service_id("Analytics primary") not in text


def test_asking_for_the_figures_asks_cloud_for_nothing(
    program: Browser, sandbox: RunningSandbox
) -> None:
    for _ in range(3):
        figures(program)
    assert sandbox.requests() == []


# ASVS 13.4.5, 4.1.3
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X-Forwarded-For": "127.0.0.1", "Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_whoever_comes_by_a_proxy_finds_nothing(program: Browser, headers: dict[str, str]) -> None:
    program.get("/metrics", 404, headers=headers)


def test_being_signed_in_opens_nothing(sign_in: SignIn) -> None:
    sign_in("alice").get("/metrics", 404)


def test_the_token_opens_it_from_anywhere_and_no_other_does(start_portal: StartPortal) -> None:
    portal = start_portal(PORTAL_METRICS_TOKEN=TOKEN, PORTAL_TRUSTED_PROXIES="1")
    browser = Browser(portal.url)
    text = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).response.text
    assert "portal_cloud_budget_left 10.0" in text
    for wrong in ("", TOKEN, f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", "Bearer ", "Bearer é"):
        browser.get("/metrics", 404, headers={"Authorization": wrong.encode().decode("latin-1")})
