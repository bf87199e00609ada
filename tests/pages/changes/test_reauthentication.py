"""Fresh proof: the password again, for one draft, and only while it lives."""

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox

STOP = f"Stop {REPORTING}"
SCALE = f"Scale {REPORTING}"
PASSWORD_NEEDED = "Enter your password"
NAME_NEEDED = f"Type the name of the group, “{REPORTING}”, exactly as shown"
NOT_YOURS = "This is not your ClickHouse password; nothing was changed"
RIGHT = {"group_name": REPORTING, "password": "alice-sandbox-1"}
BIG_STEPS = [
    ({"idle_scaling": "off"}, {"idleScaling": False}),
    # 64 GB x 5 replicas: more than the 256 GB above which this group asks for the password
    (
        {"max_memory_gb": "64", "num_replicas": "5"},
        {"maxReplicaMemoryGb": 64, "numReplicas": 5},
    ),
]
each_big_step = pytest.mark.parametrize(
    ("typed", "patch"), BIG_STEPS, ids=["idling off", "above the soft limit"]
)


def ask_to_stop(browser: Browser, sandbox: RunningSandbox) -> Page:
    """Go as far as the page that asks again."""
    browser.get(group_path(sandbox))
    return browser.submit("Stop this group …", to=TO_REVIEW)


@pytest.fixture
def alice(sign_in: SignIn, sandbox: RunningSandbox) -> Browser:
    """Alice before the page that asks whether she means to stop the group."""
    browser = sign_in("alice")
    ask_to_stop(browser, sandbox)
    return browser


def checks(sandbox: RunningSandbox) -> int:
    """How many passwords ClickHouse has been asked about."""
    return len(sandbox.requests("clickhouse"))


def test_with_both_right_exactly_one_command_is_sent(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    before = checks(sandbox)
    page = alice.submit(STOP, RIGHT, to=TO_CHANGE)
    assert page.text(".headline-state") == "Stopping"
    assert sandbox.patches() == [{"command": "stop"}]
    assert sandbox.writes()[0]["path"].endswith(f"/services/{sandbox.service_id(REPORTING)}/state")
    assert checks(sandbox) == before + 1
    sandbox.advance(10)
    assert alice.get(page.path).text(".headline-state") == "Stopped"
    assert alice.get(group_path(sandbox)).has("Start this group")


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({}, {"group_name": NAME_NEEDED, "password": PASSWORD_NEEDED}),
        ({"group_name": REPORTING}, {"group_name": "", "password": PASSWORD_NEEDED}),
        ({"password": RIGHT["password"]}, {"group_name": NAME_NEEDED, "password": ""}),
        (RIGHT | {"group_name": "Analytics ad hoc"}, {"group_name": NAME_NEEDED, "password": ""}),
        (RIGHT | {"group_name": "analytics reporting"}, {"group_name": NAME_NEEDED}),
    ],
)
def test_without_both_nothing_is_sent_and_each_is_asked_for_beside_its_field(
    alice: Browser, sandbox: RunningSandbox, typed: dict[str, str], problems: dict[str, str]
) -> None:
    before = checks(sandbox)
    page = alice.submit(STOP, typed, status=422)
    assert {field: page.problem(field) for field in problems} == problems
    assert page.value("group_name") == typed.get("group_name", "")
    assert page.value("password") == ""
    assert sandbox.writes() == []
    assert checks(sandbox) == before


@pytest.mark.parametrize("password", ["not-mine-7", "bob-sandbox-1", "alice-sandbox-1 "])
def test_a_wrong_or_foreign_password_sends_nothing(
    alice: Browser, sandbox: RunningSandbox, portal: PortalProcess, password: str
) -> None:
    page = alice.submit(STOP, RIGHT | {"password": password}, status=401)
    assert page.problem("password") == NOT_YOURS
    assert password not in page.response.text
    assert sandbox.writes() == []
    assert portal.execute("SELECT state FROM changes") == [("draft",)]
    alice.submit(STOP, RIGHT, to=TO_CHANGE)
    assert sandbox.patches() == [{"command": "stop"}]


def test_a_reauthentication_counts_for_no_other_draft(
    alice: Browser, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    # ASVS 7.5.3
    other = sign_in("alice")
    draft(other, sandbox, "Analytics primary", idle_scaling="off")
    alice.submit(STOP, RIGHT, to=TO_CHANGE)
    page = other.submit("Scale Analytics primary", status=422)
    assert page.problem("password") == PASSWORD_NEEDED
    assert sandbox.patches() == [{"command": "stop"}]


def test_a_refused_confirmation_is_not_remembered(alice: Browser, sandbox: RunningSandbox) -> None:
    alice.submit(STOP, RIGHT | {"group_name": ""}, status=422)
    alice.submit(STOP, {"group_name": REPORTING}, status=422)
    assert sandbox.writes() == []


@pytest.mark.parametrize("typed", [{}, RIGHT], ids=["without", "with the password"])
def test_a_used_draft_sends_nothing_again(
    alice: Browser, sandbox: RunningSandbox, typed: dict[str, str]
) -> None:
    path, token = alice.page.path, alice.page.csrf_token
    page = alice.submit(STOP, RIGHT, to=TO_CHANGE)
    sandbox.force(REPORTING, state="running")  # so that stopping it again would make sense
    again = {"csrf_token": token, **typed}
    alice.post(path.replace("review", "confirm"), again, to=page.path)
    assert sandbox.patches() == [{"command": "stop"}]


def test_after_five_minutes_the_draft_is_too_old(
    alice: Browser, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    # ASVS 7.5.3
    portal.age("changes", "created_at", 360)
    page = alice.submit(STOP, RIGHT, status=409)
    assert "This draft is too old to be confirmed." in page.text('[role="alert"]')
    assert sandbox.writes() == []


def test_within_five_minutes_it_is_not(
    alice: Browser, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    portal.age("changes", "created_at", 270)
    alice.submit(STOP, RIGHT, to=TO_CHANGE)
    assert sandbox.patches() == [{"command": "stop"}]


@each_big_step
def test_a_big_step_asks_for_the_password(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    typed: dict[str, str],
    patch: dict[str, object],
) -> None:
    alice = sign_in("alice")
    page = draft(alice, sandbox, **typed)
    assert page.soup.select_one("#group_name") is None
    assert alice.submit(SCALE, status=422).problem("password") == PASSWORD_NEEDED
    alice.submit(SCALE, {"password": "wrong"}, status=401)
    assert sandbox.writes() == []
    alice.submit(SCALE, {"password": RIGHT["password"]}, to=TO_CHANGE)
    assert sandbox.patches() == [patch]


@each_big_step
def test_a_big_step_is_too_old_after_five_minutes(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    portal: PortalProcess,
    typed: dict[str, str],
    patch: dict[str, object],
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox, **typed)
    portal.age("changes", "created_at", 360)
    alice.submit(SCALE, {"password": RIGHT["password"]}, status=409)
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("now", "typed"),
    [
        ({}, {"max_memory_gb": "64", "num_replicas": "4"}),  # 256 GB: not above
        ({"maxReplicaMemoryGb": 64, "numReplicas": 10}, {"num_replicas": "5"}),  # 640 to 320 GB
    ],
)
def test_a_smaller_step_does_not(
    sign_in: SignIn, sandbox: RunningSandbox, now: dict[str, int], typed: dict[str, str]
) -> None:
    sandbox.force(REPORTING, **now)
    alice = sign_in("alice")
    page = draft(alice, sandbox, **typed)
    assert page.soup.select_one("#password") is None
    confirm(alice)
    assert len(sandbox.patches()) == 1


def test_a_reauthentication_wakes_nothing(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    groups = [item["name"] for item in sandbox.world["services"] if "Analytics" in item["name"]]
    for name in groups:
        sandbox.force(name, state="idle")
    before = {name: sandbox.connections(name) for name in groups}
    alice = sign_in("alice")
    ask_to_stop(alice, sandbox)
    page = alice.submit(STOP, RIGHT, status=409)
    assert "No compute group is running that could check your password." in page.main
    assert "Wake one of the warehouse first, then try again." in page.main
    assert {name: sandbox.connections(name) for name in groups} == before
    assert sandbox.writes() == []


def test_password_checks_are_throttled_like_sign_ins(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    # ASVS 6.3.1
    portal = start_portal(entry=NO_BUDGET, PORTAL_TRUSTED_PROXIES="1")
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    alice.session.headers["X-Forwarded-For"] = "198.51.100.7"  # where she never signed in
    ask_to_stop(alice, sandbox)
    before = checks(sandbox)
    stranger = alice.clone()  # at the same address
    stranger.session.cookies.clear()
    stranger.is_signed_in = False
    stranger.get("/sign-in")
    given = {"warehouse": "analytics", "user": "alice", "password": "wrong"}
    for _ in range(3):
        stranger.submit("Sign in", given, status=401)
    for _ in range(2):
        alice.submit(STOP, RIGHT | {"password": "wrong"}, status=401)
    page = alice.submit(STOP, RIGHT, status=429)
    assert "There were too many attempts to sign in." in page.text('[role="alert"]')
    assert int(page.response.headers["Retry-After"]) >= 1
    assert checks(sandbox) == before + 5
    assert sandbox.writes() == []
