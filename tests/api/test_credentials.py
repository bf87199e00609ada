"""Who calls: a password with each request, checked once and trusted for a short time."""

import pytest
from werkzeug.security import generate_password_hash

from tests.api.client import Answer, ApiClient
from tests.api.conftest import Call
from tests.api.paths import (
    AD_HOC,
    ANALYTICS,
    LARGER,
    NOWHERE_ID,
    PRIMARY,
    REPORTING,
    group_path,
)
from tests.conftest import SignIn, StartPortal
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import Person, RunningSandbox

ADMIN = Person("root", "a long password of the administrator", "analytics")
TOLD = ("type", "title", "status", "detail", "code", "errors")


def told(answer: Answer) -> dict[str, object]:
    """All that a caller can tell answers apart by."""
    names = ("Content-Type", "WWW-Authenticate", "Content-Length", "Deprecation")
    shown: dict[str, object] = {name: answer.headers.get(name) for name in names}
    return shown | {name: answer.body[name] for name in TOLD}


# ASVS 6.3.8
def test_unknown_service_unknown_user_and_wrong_password_read_alike(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal()
    path, nowhere = group_path(sandbox), f"/api/v1/groups/{NOWHERE_ID}"
    alice = sandbox.person("alice")
    tries = [
        (path, Person("alice", "wrong", "")),
        (path, Person("nobody", "wrong", "")),
        (path, Person("default", "wrong", "")),
        (path, Person("alice", "", "")),
        (path, Person("x" * 300, "wrong", "")),
        (path, Person("", "wrong", "")),
        (nowhere, alice),
        (nowhere, Person("nobody", "wrong", "")),
        ("/api/v1/changes/2222-2222", alice),
        ("/api/v1/groups?warehouse=nowhere", alice),
        (f"/service/state?service_id={NOWHERE_ID}", alice),
        (f"/service/state?service_id={sandbox.service_id(REPORTING)}", Person("no", "no", "")),
    ]
    answers = [told(ApiClient(portal.url, who).get(path, 401)) for path, who in tries]
    assert all(answer == answers[0] for answer in answers)


def test_without_credentials_the_way_to_send_them_is_told(
    portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    nobody = ApiClient(portal.url)
    answer = nobody.get(group_path(sandbox), 401)
    assert answer.code == "credentials_needed"
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    for header in ("Basic", "Basic ###", "Basic /w==", "Bearer x", "basic"):
        nobody.get(group_path(sandbox), 401, headers={"Authorization": header})


# ASVS 6.3.4
def test_a_session_of_the_pages_counts_for_nothing_here(
    sign_in: SignIn, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    cookies = sign_in("alice").session.cookies
    answer = ApiClient(portal.url).get(group_path(sandbox), 401, cookies=cookies)
    assert answer.code == "credentials_needed"
    path = group_path(sandbox, part="changes")
    ApiClient(portal.url).post(path, LARGER, 401, cookies=cookies)


def test_a_check_is_made_once_and_trusted_for_a_while(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    client = ApiClient(start_portal(entry=NO_BUDGET).url, sandbox.person("alice"))
    for _ in range(3):
        client.get(group_path(sandbox))
        client.get(group_path(sandbox, PRIMARY))
    assert len(sandbox.requests("clickhouse")) == 1
    client.session.auth = ("alice", "wrong")
    client.get(group_path(sandbox), 401)


def test_trust_can_be_switched_off(start_portal: StartPortal, sandbox: RunningSandbox) -> None:
    portal = start_portal(PORTAL_API_REMEMBER_SECONDS="0")
    client = ApiClient(portal.url, sandbox.person("alice"))
    for _ in range(3):
        client.get(group_path(sandbox))
    assert len(sandbox.requests("clickhouse")) == 3


# ASVS 6.3.1
def test_a_failure_is_checked_each_time_and_slowed_down(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    client = ApiClient(start_portal().url, Person("alice", "wrong", ""))
    for number in range(1, 6):
        client.get(group_path(sandbox), 401)
        assert len(sandbox.requests("clickhouse")) == number
    answer = client.get(group_path(sandbox), 429)
    assert answer.code == "too_many_attempts"
    assert int(answer.headers["Retry-After"]) >= 1
    assert len(sandbox.requests("clickhouse")) == 5


def test_unknown_services_are_slowed_down_like_wrong_passwords(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    client = ApiClient(start_portal().url, sandbox.person("alice"))
    for _ in range(5):
        client.get(f"/api/v1/groups/{NOWHERE_ID}", 401)
    client.get(f"/api/v1/groups/{NOWHERE_ID}", 429)


@pytest.mark.parametrize(("user", "calls"), [("alice", 1), ("x" * 257, 0), ("al\nice", 0)])
def test_an_unknown_service_takes_the_same_calls_as_a_wrong_password(
    start_portal: StartPortal, sandbox: RunningSandbox, user: str, calls: int
) -> None:
    # ASVS 6.3.8: what is not done for one of the two shows in the time that it takes.
    client = ApiClient(start_portal().url, Person(user, "alice-sandbox-1", ""))
    client.get(f"/api/v1/groups/{NOWHERE_ID}", 401)
    asked = sandbox.requests("clickhouse")
    assert len(asked) == calls
    assert "alice" not in str(asked)  # nobody's own name goes to a warehouse they did not name
    client.session.auth = (user, "wrong")
    client.get(group_path(sandbox), 401)
    assert len(sandbox.requests("clickhouse")) == 2 * calls


def test_an_unknown_service_is_answered_like_a_known_one_when_nothing_can_be_checked(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    client = ApiClient(start_portal(entry=NO_BUDGET).url, sandbox.person("alice"))
    as_alice = client.session.auth
    for state, status in (("idle", 409), ("stopped", 503)):
        for name in ANALYTICS:
            sandbox.force(name, state=state)
        known = told(client.get(group_path(sandbox), status))
        assert told(client.get(f"/api/v1/groups/{NOWHERE_ID}", status)) == known
        client.session.auth = ("stranger", "x")
        assert told(client.get(group_path(sandbox), status)) == known
        client.session.auth = as_alice
    assert sandbox.requests("clickhouse") == []


def test_the_administrator_has_no_access_here(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(
        PORTAL_ADMIN_USERNAME=ADMIN.name,
        PORTAL_ADMIN_PASSWORD_HASH=generate_password_hash(ADMIN.password),
    )
    admin = ApiClient(portal.url, ADMIN)
    for path in (group_path(sandbox), f"/api/v1/groups/{NOWHERE_ID}"):
        answer = admin.get(path, 403)
        assert answer.code == "not_allowed"
        assert "administrator's credentials cannot be used" in answer.body["detail"]
    body = {"service_id": sandbox.service_id(REPORTING), **LARGER}
    admin.post("/scaling", body, 403)
    assert sandbox.requests("clickhouse") == []  # no warehouse sees that password
    wrong = ApiClient(portal.url, Person(ADMIN.name, "wrong", ""))
    assert wrong.get(group_path(sandbox), 401).code == "wrong_credentials"


def test_nothing_is_woken_to_check_a_password(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    for name in (PRIMARY, REPORTING, "Analytics archive"):
        sandbox.force(name, state="idle")
    client = ApiClient(start_portal().url, sandbox.person("alice"))
    answer = client.get(group_path(sandbox, AD_HOC), 409)
    assert answer.code == "not_possible"
    assert sandbox.writes() == []
    assert sandbox.requests("clickhouse") == []


@pytest.mark.parametrize("command", ["start", "wake"])
def test_what_is_remembered_of_a_password_starts_nothing_where_none_can_be_checked(
    start_portal: StartPortal, sandbox: RunningSandbox, command: str
) -> None:
    portal = start_portal(entry=NO_BUDGET)
    client = ApiClient(portal.url, sandbox.person("alice"))
    client.get(group_path(sandbox))
    for name in ANALYTICS:
        sandbox.force(name, state="stopped")
    answer = client.post(group_path(sandbox, part="state"), {"command": command}, 503)
    assert answer.body["detail"].count(".") > 1  # what is so, and what to do
    assert (sandbox.writes(), portal.execute("SELECT * FROM changes")) == ([], [])
    client.get(group_path(sandbox))  # it serves reading on


def test_clickhouse_that_does_not_answer_is_no_wrong_password(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    client = ApiClient(start_portal().url, sandbox.person("alice"))
    sandbox.fault("clickhouse:", "reset", times=5)
    assert client.get(group_path(sandbox), 503).code in {"unreachable", "not_on_access_list"}
    sandbox.clear_faults()
    client.get(group_path(sandbox))


@pytest.mark.parametrize("name", ["norah", "quinn"])
def test_a_user_quota_at_clickhouse_is_told_with_a_time(
    start_portal: StartPortal, sandbox: RunningSandbox, name: str
) -> None:
    client = ApiClient(start_portal().url, Person(name, "wrong", ""))
    statuses = [client.send("GET", group_path(sandbox), None).status for _ in range(5)]
    expected = [401] * 5 if name == "norah" else [401] * 3 + [429] * 2
    assert statuses == expected


def test_access_that_is_taken_away_ends_at_once(
    start_portal: StartPortal, sandbox: RunningSandbox, call: Call
) -> None:
    portal = start_portal()
    client = ApiClient(portal.url, sandbox.person("alice"))
    client.get(group_path(sandbox))
    portal.configure(lambda config: config["warehouses"][0]["access"].pop(0))
    client.get(group_path(sandbox), 404)
