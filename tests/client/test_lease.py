"""The boost of `cgp run`: made longer for as long as it is needed, and given back afterwards."""

import json
import re
import threading
import time
from typing import Any

import pytest
import responses

from app.client.context import Session
from app.client.lease import Lease
from app.client.portal import Portal
from app.client.settings import Settings

URL = "https://portal.example.com"
ID = "11111111-1111-1111-1111-111111111111"
GROUP: dict[str, Any] = {"service_id": ID, "name": "G", "boost": None}
BOOSTS = f"{URL}/api/v1/groups/{ID}/boosts"
BOOST = {"reference": "2222-2222", "ends_at": "2026-01-01T00:00:00Z"}
SIZE = {"min_memory_gb": 64, "max_memory_gb": 64}


def lease_of(seconds: int = 1, reference: str = "") -> Lease:
    """A lease of a portal that is not there, renewed three times in this time."""
    portal = Portal(Settings(URL, "cgp_x"), pause=lambda _seconds: time.sleep(0.02))
    session, until = Session(portal, is_json=False), time.monotonic() + 7200
    return Lease(session, GROUP, SIZE, "", until, seconds, reference)


@responses.activate
def test_it_is_made_longer_while_one_waits_for_the_effect() -> None:
    extended = responses.post(f"{BOOSTS}/2222-2222/extend", json=BOOST)
    responses.get(f"{BOOSTS}/2222-2222", json=BOOST)
    ended = responses.delete(f"{BOOSTS}/2222-2222", json=BOOST)
    responses.post(BOOSTS, json=BOOST, status=202)
    change = {"reference": "2222-2222", "note": "", "state": "applied"}

    def answer(_request: object) -> tuple[int, dict[str, str], str]:
        effect = "in_effect" if extended.call_count else "on_its_way"
        return 200, {}, json.dumps(change | {"effect": effect})

    responses.add_callback(responses.GET, re.compile(f"{URL}/api/v1/changes/.*"), answer)
    lease = lease_of()
    lease.begin()
    with lease.kept():
        lease.wait(60)
        assert extended.call_count
    assert ended.call_count


@responses.activate
@pytest.mark.parametrize(
    ("status", "code", "is_tried_again"),
    [
        (503, "changes_closed", True),
        (401, "not_signed_in", True),
        (409, "not_possible", False),
        (422, "broken_rules", False),
        (404, "not_found", False),
    ],
)
def test_only_what_never_will_be_is_given_up(status: int, code: str, is_tried_again: bool) -> None:
    responses.post(f"{BOOSTS}/2222-2222/extend", json={"code": code}, status=status)
    later = responses.post(f"{BOOSTS}/2222-2222/extend", json=BOOST)
    responses.delete(f"{BOOSTS}/2222-2222", json=BOOST)
    with lease_of(reference="2222-2222").kept():
        time.sleep(0.9)
    assert bool(later.call_count) == is_tried_again


@responses.activate
def test_a_size_that_another_boost_has_made_outlives_that_boost() -> None:
    other = f"{BOOSTS}/3333-3333"
    responses.post(BOOSTS, json={"message": "It is so already."})
    responses.get(f"{URL}/api/v1/groups/{ID}", json=GROUP | {"boost": {"reference": "3333-3333"}})
    extended = responses.post(f"{other}/extend", json=BOOST)
    lease = lease_of()
    lease.begin()
    assert extended.call_count == 1  # its end may be nearer than a third of the lease
    responses.replace(responses.POST, f"{other}/extend", status=409, json={"code": "not_possible"})
    responses.replace(responses.POST, BOOSTS, status=409, json={"code": "change_in_flight"})
    with lease.kept():
        time.sleep(0.9)
        responses.replace(responses.POST, BOOSTS, status=202, json=BOOST)
        responses.post(f"{BOOSTS}/2222-2222/extend", json=BOOST)
        responses.get(f"{BOOSTS}/2222-2222", json=BOOST)
        responses.delete(f"{BOOSTS}/2222-2222", json=BOOST)
        time.sleep(0.9)
        assert lease.reference == "2222-2222"
    asked = [call.request.url for call in responses.calls if call.request.method == "DELETE"]
    assert asked == [f"{BOOSTS}/2222-2222"]


@responses.activate
def test_what_is_asked_for_at_the_very_end_is_given_back() -> None:
    begun = threading.Event()

    def answer(_request: object) -> tuple[int, dict[str, str], str]:
        begun.set()
        time.sleep(0.3)
        return 202, {}, json.dumps(BOOST)

    responses.get(f"{BOOSTS}/2222-2222", json=BOOST)
    ended = responses.delete(f"{BOOSTS}/2222-2222", json=BOOST)
    responses.post(f"{BOOSTS}/3333-3333/extend", status=409, json={"code": "not_possible"})
    responses.add_callback(responses.POST, BOOSTS, answer)
    lease = lease_of(reference="3333-3333")
    lease.is_own = False
    with lease.kept():
        assert begun.wait(5)
    assert ended.call_count == 1


@responses.activate
def test_the_boost_of_another_is_neither_waited_for_nor_ended() -> None:
    responses.post(BOOSTS, json={"message": "It is so already."})
    responses.get(f"{URL}/api/v1/groups/{ID}", json=GROUP | {"boost": {"reference": "3333-3333"}})
    responses.post(f"{BOOSTS}/3333-3333/extend", json=BOOST)
    lease = lease_of()
    lease.begin()
    with lease.kept():
        lease.wait(60)
    assert "DELETE" not in {call.request.method for call in responses.calls}


@responses.activate
def test_what_others_have_made_longer_is_left_to_its_time_and_made_longer_still() -> None:
    responses.post(BOOSTS, json=BOOST, status=202)
    extended = responses.post(f"{BOOSTS}/2222-2222/extend", json=BOOST)
    responses.get(f"{BOOSTS}/2222-2222", json=BOOST | {"ends_at": "2026-01-01T00:05:00Z"})
    lease = lease_of()
    lease.begin()
    with lease.kept():
        time.sleep(0.5)
        assert extended.call_count
    assert "DELETE" not in {call.request.method for call in responses.calls}
