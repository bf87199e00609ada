"""Programs that come with a personal token instead of a name and password."""

from collections.abc import Callable

import pytest

from tests.api.conftest import Call
from tests.api.paths import ARCHIVE, LARGER, PRIMARY, REPORTING, group_path
from tests.conftest import SignIn
from tests.support.audit_log import AuditLogReader
from tests.support.portal import PortalProcess
from tests.support.tokens import TokenClient, make_token
from tests.unit.domain.tokens.test_secret import SECRET

Make = Callable[..., TokenClient]


@pytest.fixture
def make(portal: PortalProcess, sign_in: SignIn) -> Make:
    """Programs with a token: `make("alice", "scale", groups=[REPORTING])`."""
    portal.execute("DELETE FROM tokens")
    portal.execute("DELETE FROM idempotency_keys")

    def build(
        person: str, *permissions: str, groups: tuple[str, ...] = (REPORTING,), **fields: str
    ) -> TokenClient:
        ids = [portal.sandbox.service_id(name) for name in groups]
        secret = make_token(sign_in(person), person, ids, permissions or ("view",), **fields)
        return TokenClient(portal, secret)

    return build


def test_a_token_sees_the_groups_of_its_scope_alone(make: Make, portal: PortalProcess) -> None:
    program = make("alice")
    (group,) = program.get("/api/v1/groups").body["groups"]
    assert group["name"] == REPORTING
    assert program.get(group_path(portal.sandbox)).body["permissions"] == ["view"]
    assert program.get(group_path(portal.sandbox, PRIMARY), 404).code == "not_found"
    assert program.get("/api/v1/groups?warehouse=marketing", 404).code == "not_found"


def test_a_token_scales_within_its_scope_and_is_named_in_the_audit_log(
    make: Make, portal: PortalProcess
) -> None:
    log = AuditLogReader(portal)
    program = make("alice", "scale")
    program.post(group_path(portal.sandbox, part="changes"), LARGER, 201)
    answer = program.post(group_path(portal.sandbox, part="state"), {"command": "wake"}, 403)
    assert answer.code == "not_allowed"
    assert "this token does not" in answer.body["detail"]
    (mark,) = [row[0] for row in portal.execute("SELECT mark FROM tokens")]
    sent = [item for item in log.lines() if item["object"]["reference"]]
    assert sent
    assert all(item["actor"]["method"] == "token" for item in sent)
    assert all(item["source"]["session"] == mark for item in sent)


def test_what_asks_for_the_password_needs_a_scope_that_says_so(
    make: Make, portal: PortalProcess
) -> None:
    stop = {"command": "stop", "confirm_name": REPORTING}
    path = group_path(portal.sandbox, part="state")
    refused = make("alice", "power").post(path, stop, 403)
    assert "which a token cannot give" in refused.body["detail"]
    assert portal.sandbox.writes() == []
    make("alice", "power", name="may stop", may_confirm="y").post(path, stop, 201)


def test_the_limits_and_the_idempotency_key_hold_as_for_the_owner(
    make: Make, portal: PortalProcess
) -> None:
    program, path = make("alice", "scale"), group_path(portal.sandbox, part="changes")
    assert ("min_memory_gb", "memory_not_multiple") in program.post(
        path, {"min_memory_gb": 17}, 422
    ).codes
    key = {"Idempotency-Key": "one"}
    first = program.post(path, LARGER, 201, headers=key)
    again = program.post(path, LARGER, 201, headers=key)
    assert first.body["reference"] == again.body["reference"]
    assert len(portal.sandbox.patches()) == 1


def test_others_changes_are_seen_with_audit_alone(
    make: Make, call: Call, portal: PortalProcess
) -> None:
    call("alice").post(group_path(portal.sandbox, part="changes"), LARGER, 201)
    path = group_path(portal.sandbox, part="changes")
    assert len(make("alice").get(path).body["changes"]) == 1  # her own
    assert make("bob").get(path).body["changes"] == []


@pytest.mark.parametrize(
    "sent", ["", "cgp_", "x", SECRET[:-1] + "0", SECRET + "a", "cgp_" + "é" * 36, "a b"]
)
def test_text_that_is_no_token_is_refused(portal: PortalProcess, sent: str) -> None:
    before = portal.execute("SELECT count(*) FROM events")
    answer = TokenClient(portal, "").get(
        group_path(portal.sandbox), 401, headers={"Authorization": f"Bearer {sent}".encode()}
    )
    assert answer.code == "token_unknown"
    assert "Bearer realm=" in answer.headers["WWW-Authenticate"]
    assert portal.execute("SELECT count(*) FROM events") == before


def test_a_made_up_token_is_slowed_down_by_address(portal: PortalProcess) -> None:
    program = TokenClient(portal, SECRET)
    for _ in range(5):
        assert program.get("/api/v1/groups", 401).code == "token_unknown"
    assert program.get("/api/v1/groups", 429).code == "too_many_attempts"
    assert TokenClient(portal, SECRET).get("/api/v1/groups", 401).code == "token_unknown"


def test_expired_and_revoked_tokens_are_refused_and_listed_as_what_they_are(
    make: Make, call: Call, portal: PortalProcess
) -> None:
    expired = make("alice")
    portal.execute("UPDATE tokens SET expires_at = '2020-01-01 00:00:00.000000'")
    assert expired.get("/api/v1/groups", 401).code == "token_expired"
    revoked = make("alice")
    (own,) = revoked.get("/api/v1/tokens").body["tokens"]
    revoked.send("DELETE", f"/api/v1/tokens/{own['id']}", 200)
    assert revoked.get("/api/v1/groups", 401).code == "token_revoked"
    assert expired.get("/api/v1/groups", 401).code == "token_expired"  # though another was made
    listed = call("alice").get("/api/v1/tokens?warehouse=analytics").body["tokens"]
    told = [(item["state"], item["revoked_at"] is not None) for item in listed]
    assert told == [("revoked", True), ("expired", False)]


def test_a_token_dies_with_the_role_of_its_owner(
    make: Make, call: Call, portal: PortalProcess
) -> None:
    program = make("dana", groups=("Marketing campaigns",))
    assert program.get("/api/v1/groups").body["groups"]
    portal.execute("UPDATE tokens SET roles = '[]'")
    assert program.get("/api/v1/groups", 401).code == "token_without_rights"
    # What is proven for a write is proven now, and brings the roles of now.
    call("dana").send("DELETE", f"/api/v1/tokens/{'0' * 16}?warehouse=marketing", 404)
    assert program.get("/api/v1/groups").body["groups"]


def test_a_password_lists_and_revokes_all_of_ones_own_and_no_others(
    make: Make, call: Call, portal: PortalProcess
) -> None:
    make("alice")
    make("alice", name="another")
    alice, own = call("alice"), "/api/v1/tokens?warehouse=analytics"
    listed = alice.get(own).body["tokens"]
    assert [item["name"] for item in listed] == ["another", "token 2"]
    assert call("bob").get(own).body["tokens"] == []
    path = f"/api/v1/tokens/{listed[0]['id']}?warehouse=analytics"
    call("bob").send("DELETE", path, 404)
    alice.send("DELETE", path, 200)
    assert [item["state"] for item in alice.get(own).body["tokens"]] == ["revoked", "living"]
    alice.send("DELETE", "/api/v1/tokens/xyz?warehouse=analytics", 400)


def test_a_token_lists_and_revokes_itself_alone(make: Make, portal: PortalProcess) -> None:
    program = make("alice")
    make("alice", name="another", groups=(ARCHIVE,))
    (shown,) = program.get("/api/v1/tokens").body["tokens"]
    marks = {row[0] for row in portal.execute("SELECT mark FROM tokens")}
    (other,) = marks - {shown["id"]}
    program.send("DELETE", f"/api/v1/tokens/{other}", 404)


def test_the_old_paths_take_a_token_too(make: Make, portal: PortalProcess) -> None:
    service = portal.sandbox.service_id(REPORTING)
    answer = make("alice").get(f"/service/state?service_id={service}")
    assert "Deprecation" not in answer.headers
