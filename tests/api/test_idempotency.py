"""One key, one change: however often and however parallel a request is sent."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import LARGER, LARGER_PATCH, PRIMARY, REPORTING, group_path
from tests.conftest import StartPortal
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

THREADS = 50
KEY = {"Idempotency-Key": "nightly-2026-11-22"}


def references(portal: PortalProcess) -> list[str]:
    return [row[0] for row in portal.execute("SELECT reference FROM changes")]


def send_at_once(url: str, sandbox: RunningSandbox, path: str, body: object) -> list[Any]:
    """The same request from many threads at the same moment."""
    barrier = Barrier(THREADS)

    def send(_: int) -> Any:  # noqa: ANN401 - an Answer
        client = ApiClient(url, sandbox.person("alice"))
        barrier.wait()
        return client.send("POST", path, None, json=body, headers=KEY)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(send, range(THREADS)))


def same_change(answers: list[Any]) -> list[str]:
    """The references of all answers; who waited too long for the others may be put off."""
    assert {item.status for item in answers} <= {201, 409}
    late = [item for item in answers if item.status == 409]
    assert {item.code for item in late} <= {"change_in_flight"}
    return list({item.body["reference"] for item in answers if item.status == 201})


def test_fifty_threads_with_one_key_make_one_change(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    answers = send_at_once(portal.url, sandbox, group_path(sandbox, part="changes"), LARGER)
    assert same_change(answers) == references(portal)
    assert sandbox.patches() == [LARGER_PATCH]
    assert len(portal.execute("SELECT key FROM idempotency_keys")) == 1


def test_fifty_threads_with_one_key_make_one_change_at_clouds_own_rate_too(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal()
    answers = send_at_once(portal.url, sandbox, group_path(sandbox, part="changes"), LARGER)
    assert same_change(answers) == references(portal)
    assert sandbox.patches() == [LARGER_PATCH]


def test_fifty_threads_that_stop_a_group_with_one_key_stop_it_once(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    body = {"command": "stop", "confirm_name": REPORTING}
    answers = send_at_once(portal.url, sandbox, group_path(sandbox, part="state"), body)
    assert same_change(answers) == references(portal)
    assert sandbox.patches() == [{"command": "stop"}]


def test_the_same_request_again_gets_the_same_change(call: Call, sandbox: RunningSandbox) -> None:
    path = group_path(sandbox, part="changes")
    first = call("alice").post(path, LARGER, 201, headers=KEY)
    written_otherwise = {"max_memory_gb": 32.0, "min_memory_gb": 16, "reason": ""}
    again = call_again(call, path, written_otherwise)
    assert again.body == first.body
    assert again.headers["Location"] == first.headers["Location"]
    assert sandbox.patches() == [LARGER_PATCH]


def call_again(call: Call, path: str, body: object) -> Any:  # noqa: ANN401 - an Answer
    """As another program of Alice's, which shares the first one's keys."""
    return call("alice").post(path, body, 201, headers=KEY)


def test_the_same_key_with_another_request_is_refused(call: Call, sandbox: RunningSandbox) -> None:
    client, path = call("alice"), group_path(sandbox, part="changes")
    client.post(path, LARGER, 201, headers=KEY)
    answer = client.post(path, LARGER | {"num_replicas": 2}, 422, headers=KEY)
    assert answer.codes == {("Idempotency-Key", "idempotency_key_reused")}
    other_group = group_path(sandbox, PRIMARY, "changes")
    client.post(other_group, LARGER, 422, headers=KEY)
    client.post(group_path(sandbox, part="state"), {"command": "wake"}, 422, headers=KEY)
    assert sandbox.patches() == [LARGER_PATCH]


def test_a_key_belongs_to_one_user(start_portal: StartPortal, sandbox: RunningSandbox) -> None:
    portal = start_portal(adapt=lambda it: it["warehouses"][0]["access"][0]["users"].append("bob"))
    path = group_path(sandbox, part="changes")
    for name, body in (("alice", LARGER), ("bob", {**LARGER, "num_replicas": 2})):
        ApiClient(portal.url, sandbox.person(name)).post(path, body, 201, headers=KEY)
    assert sandbox.patches() == [LARGER_PATCH, {"numReplicas": 2}]


def test_what_was_not_sent_can_be_sent_again_with_its_key(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    client, path = call("alice"), group_path(sandbox, part="state")
    client.post(path, {"command": "stop"}, 422, headers=KEY)
    assert references(portal) == []
    sandbox.force(REPORTING, state="stopped")
    client.post(path, {"command": "start"}, 201, headers=KEY)
    assert sandbox.patches() == [{"command": "start"}]


def test_a_request_whose_answer_was_lost_is_not_sent_again(
    call: Call, sandbox: RunningSandbox
) -> None:
    client, path = call("alice"), group_path(sandbox, part="changes")
    sandbox.fault("^PATCH ", "drop_after_apply")
    first = client.send("POST", path, None, json=LARGER, headers=KEY)
    again = client.post(path, LARGER, 201, headers=KEY)
    assert first.status in {201, 202}
    assert again.body["reference"] == first.body["reference"]
    assert again.body["state"] == "applied"
    assert sandbox.patches() == [LARGER_PATCH]


def test_a_key_outlives_the_process(start_portal: StartPortal, sandbox: RunningSandbox) -> None:
    portal, path = start_portal(), group_path(sandbox, part="changes")
    first = ApiClient(portal.url, sandbox.person("alice")).post(path, LARGER, 201, headers=KEY)
    portal.restart()
    again = ApiClient(portal.url, sandbox.person("alice")).post(path, LARGER, 201, headers=KEY)
    assert again.body["reference"] == first.body["reference"]


def test_a_key_is_forgotten_after_a_day(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    client, path = call("alice"), group_path(sandbox, part="changes")
    client.post(path, LARGER, 201, headers={"Idempotency-Key": "old"})
    portal.age("idempotency_keys", "created_at", 86_401)
    client.post(path, LARGER | {"num_replicas": 2}, 201, headers={"Idempotency-Key": "new"})
    kept = portal.execute("SELECT key FROM idempotency_keys")
    assert kept == [("new",)]


def test_an_old_key_does_not_answer_for_another_request(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    client, path = call("alice"), group_path(sandbox, part="changes")
    first = client.post(path, LARGER, 201, headers=KEY)
    portal.age("idempotency_keys", "created_at", 86_401)
    second = client.post(path, LARGER | {"num_replicas": 2}, 201, headers=KEY)
    assert second.body["reference"] != first.body["reference"]
    assert len(portal.execute("SELECT key FROM idempotency_keys")) == 1


def test_a_draft_that_died_with_its_process_gives_its_key_back(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    client, path = call("alice"), group_path(sandbox, part="changes")
    client.post(path, LARGER, 201, headers=KEY)
    portal.execute("UPDATE changes SET state='draft', sent_at=NULL, settled_at=NULL")
    portal.age("changes", "created_at", 3600)
    sandbox.reset()
    assert client.post(path, LARGER, 409, headers=KEY).code == "draft_unusable"
    client.post(path, LARGER, 201, headers=KEY)
    assert sandbox.patches() == [LARGER_PATCH]
