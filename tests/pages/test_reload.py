"""The file of groups and permissions is followed while the portal runs, drafts and sessions too."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import SignIn
from tests.pages.people import REPORTING, TO_CHANGE, confirm, draft, group_path, let_bob_scale
from tests.support.browser import Browser
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox

CLOSED = (
    "Changes are frozen: The file of groups and permissions has faults. "
    "Ask whoever started this sandbox."
)
SCALE = f"Scale {REPORTING}"


@pytest.fixture
def rules(portal: PortalProcess) -> Iterator[PortalProcess]:
    """The portal that all share; its rules are put back afterwards."""
    yield portal
    portal.configure(dict)


@pytest.fixture
def alice(rules: PortalProcess, sign_in: SignIn, sandbox: RunningSandbox) -> Browser:
    """Alice before a draft that she has not confirmed."""
    browser = sign_in("alice")
    draft(browser, sandbox)
    return browser


def alice_may(*permissions: str) -> Callable[[Config], None]:
    """Alice's permissions in the whole warehouse, instead of all."""

    def adapt(config: Config) -> None:
        config["warehouses"][0]["access"][0]["permissions"] = list(permissions)

    return adapt


def alice_is_denied(config: Config) -> None:
    config["warehouses"][0]["groups"][1]["access"] = [{"users": ["alice"], "deny": ["scale"]}]


def without_alice(config: Config) -> None:
    del config["warehouses"][0]["access"][0]


def without_reporting(config: Config) -> None:
    del config["warehouses"][0]["groups"][1]


def is_draft(portal: PortalProcess) -> bool:
    return portal.execute("SELECT state, sent_at FROM changes") == [("draft", None)]


@pytest.mark.parametrize(
    "adapt", [alice_may("view", "wake", "power", "audit"), alice_is_denied], ids=["gone", "denied"]
)
def test_a_permission_taken_away_while_a_draft_is_open_ends_it(
    alice: Browser,
    rules: PortalProcess,
    sandbox: RunningSandbox,
    adapt: Callable[[Config], None],
) -> None:
    # ASVS 8.3.2
    rules.configure(adapt)
    page = alice.submit(SCALE, status=403)
    assert page.h1 == "You may not do this"
    assert "but this needs the permission “scale”." in page.main
    assert sandbox.writes() == []
    assert is_draft(rules)


@pytest.mark.parametrize("adapt", [without_alice, without_reporting], ids=["person", "group"])
def test_a_group_taken_away_while_a_draft_is_open_is_gone(
    alice: Browser,
    rules: PortalProcess,
    sandbox: RunningSandbox,
    adapt: Callable[[Config], None],
) -> None:
    # ASVS 7.4.2, 8.3.2
    review = alice.page.path
    token = alice.page.csrf_token
    rules.configure(adapt)
    for path in (review, review.removesuffix("/review"), group_path(sandbox)):
        assert REPORTING not in alice.get(path, 404).response.text
    for part in ("", "/wake", "/start", "/stop"):
        path = group_path(sandbox) + (part or "/scale")
        alice.post(path, {"csrf_token": token}, status=404)
    page = alice.post(review.replace("review", "confirm"), {"csrf_token": token}, status=404)
    assert REPORTING not in page.response.text
    assert sandbox.writes() == []
    assert is_draft(rules)


def test_a_permission_given_counts_at_once_and_in_sessions_from_before(
    rules: PortalProcess, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    bob = sign_in("bob")
    assert not bob.get(group_path(sandbox)).has("Scale this group")
    rules.configure(let_bob_scale)
    assert bob.get(group_path(sandbox)).has("Scale this group")
    draft(bob, sandbox)
    confirm(bob)
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]


def test_a_limit_made_narrower_holds_for_a_draft_from_before(
    alice: Browser, rules: PortalProcess, sandbox: RunningSandbox
) -> None:
    def at_most_32_gb(config: Config) -> None:
        group = config["warehouses"][0]["groups"][1]
        group |= {"limits": {"max_total_gb": 32}, "presets": []}

    rules.configure(at_most_32_gb)
    page = alice.submit(SCALE, status=422)
    assert page.summary == ["Total memory would be 64 GB; the limit for this group is 32 GB"]
    assert sandbox.writes() == []


# ASVS 16.5.3
@pytest.mark.parametrize(
    "text", ["portal: [", "", "portal: {}\nwarehouses: []\n", None], ids=range(4)
)
def test_a_faulty_file_switches_changes_off_and_mending_it_switches_them_on(
    alice: Browser, rules: PortalProcess, sandbox: RunningSandbox, text: str | None
) -> None:
    window, path = alice.clone(), rules.folder / "org_config.yaml"
    window.get(group_path(sandbox, part="scale"))
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
    page = alice.submit(SCALE, status=503)
    assert CLOSED in page.text('[role="alert"]')
    page = window.submit("Review changes", {"num_replicas": "2"}, status=503)
    assert CLOSED in page.main
    assert page.value("num_replicas") == "2"  # what was typed is kept
    page = window.get(group_path(sandbox))
    assert CLOSED in page.text(".freeze")
    assert CLOSED in page.text(".disabled-actions")  # an open page has no other place for it
    assert not page.has("Scale this group")
    assert "Running" in page.text(".headline-state")
    window.post(group_path(sandbox, part="stop"), {"csrf_token": page.csrf_token}, status=503)
    assert CLOSED in window.get("/groups").text(".freeze")
    assert sandbox.writes() == []
    rules.configure(dict)
    assert CLOSED not in window.get(group_path(sandbox)).text("body")
    alice.submit(SCALE, to=TO_CHANGE)
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]


def test_the_last_rules_that_could_be_read_go_on_for_looking(
    rules: PortalProcess, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    rules.configure(without_reporting)
    alice = sign_in("alice")
    alice.get(group_path(sandbox), 404)
    (rules.folder / "org_config.yaml").write_text("warehouses: nonsense\n", encoding="utf-8")
    alice.get(group_path(sandbox), 404)
    assert REPORTING not in alice.get("/groups").response.text
