"""What is sent again where no answer comes, and that the token goes nowhere else."""

import socket
from typing import Any

import pytest
import requests
import responses

from app.client.exits import CommandError, Exit
from app.client.portal import KEY, TRIES, Portal, Unreachable
from app.client.settings import Settings
from app.client.waiting import wait_for

URL = "https://portal.example.com"
CHANGE: dict[str, Any] = {"reference": "2222-2222", "note": "", "effect": None}


@pytest.fixture
def pauses() -> list[float]:
    """How long it paused."""
    return []


@pytest.fixture
def portal(pauses: list[float]) -> Portal:
    """A portal that is not there; nobody waits."""
    return Portal(Settings(URL, "cgp_secret"), pause=pauses.append)


@responses.activate
def test_a_reading_is_tried_again_for_as_long_as_the_portal_says(
    portal: Portal, pauses: list[float]
) -> None:
    responses.get(f"{URL}/a", status=503, json={}, headers={"Retry-After": "7"})
    responses.get(f"{URL}/a", body=requests.ConnectionError())
    responses.get(f"{URL}/a", json={"is": "there"})
    assert portal.get("/a") == {"is": "there"}
    assert pauses == [7.0, 2]
    assert responses.calls[0].request.headers["Authorization"] == "Bearer cgp_secret"


@responses.activate
def test_a_change_is_sent_again_with_the_same_key_where_no_answer_came(portal: Portal) -> None:
    responses.post(f"{URL}/a", body=requests.ReadTimeout())
    responses.post(f"{URL}/a", json={"reference": "2222-2222"}, status=201)
    portal.change("/a", {}, "one")
    assert [call.request.headers[KEY] for call in responses.calls] == ["one", "one"]


@responses.activate
def test_a_change_that_was_answered_is_not_sent_again(portal: Portal) -> None:
    responses.post(f"{URL}/a", status=503, json={"code": "cloud_unreachable", "detail": "no"})
    with pytest.raises(CommandError, match="no"):
        portal.change("/a", {}, "one")
    assert len(responses.calls) == 1


@responses.activate
def test_it_gives_up(portal: Portal) -> None:
    responses.get(f"{URL}/a", body=requests.ConnectionError())
    with pytest.raises(Unreachable):
        portal.get("/a")
    assert len(responses.calls) == TRIES


@responses.activate
def test_no_redirect_is_followed(portal: Portal) -> None:
    responses.get(f"{URL}/a", status=302, headers={"Location": "https://elsewhere.example.com/"})
    with pytest.raises(CommandError):
        portal.get("/a")
    assert len(responses.calls) == 1


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_token_without_tls_goes_through_no_proxy(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.2)
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        # Nothing listens there: only a proxy could be asked.
        with pytest.raises(Unreachable):
            Portal(Settings("http://localhost:9", "cgp_secret")).get_once("/a")
        with pytest.raises(TimeoutError):
            proxy.accept()


@responses.activate
@pytest.mark.parametrize("pause", ["²", "soon", "-1", ""])
def test_a_pause_that_is_no_number_is_the_usual_one(
    portal: Portal, pauses: list[float], pause: str
) -> None:
    responses.get(f"{URL}/a", status=503, json={}, headers={"Retry-After": pause})
    responses.get(f"{URL}/a", json={"is": "there"})
    assert portal.get("/a") == {"is": "there"}
    assert pauses == [1]


@responses.activate
@pytest.mark.parametrize("body", ["<html>", "[" * 5000, "[]", "null"])
def test_what_is_no_portal_is_said(portal: Portal, body: str) -> None:
    responses.get(f"{URL}/a", body=body)
    with pytest.raises(CommandError, match="is not the portal"):
        portal.get("/a")


@responses.activate
def test_waiting_outlives_a_restart(portal: Portal) -> None:
    address = f"{URL}/api/v1/changes/2222-2222"
    responses.get(address, json=CHANGE | {"state": "applying"})
    responses.get(address, body=requests.ConnectionError())
    responses.get(address, status=502, body="<html>")
    responses.get(address, status=503, json={"code": "store_unavailable"})
    responses.get(address, json=CHANGE | {"state": "applied", "effect": "on_its_way"})
    responses.get(address, json=CHANGE | {"state": "applied", "effect": "in_effect"})
    assert wait_for(portal, "2222-2222", 60)["effect"] == "in_effect"


@responses.activate
def test_waiting_ends_at_once_where_a_change_was_not_done(portal: Portal) -> None:
    responses.get(
        f"{URL}/api/v1/changes/2222-2222", json=CHANGE | {"state": "rejected", "note": "why"}
    )
    with pytest.raises(CommandError, match="was rejected: why"):
        wait_for(portal, "2222-2222", 60)


@responses.activate
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {}),
        (429, {"code": "too_many_attempts"}),
        (503, {"code": "portal_busy"}),
    ],
)
def test_waiting_outlives_being_told_to_ask_later(
    portal: Portal, status: int, body: dict[str, str]
) -> None:
    address = f"{URL}/api/v1/changes/2222-2222"
    responses.get(address, status=status, json=body)
    responses.get(address, json=CHANGE | {"state": "applied", "effect": "in_effect"})
    assert wait_for(portal, "2222-2222", 60)["effect"] == "in_effect"


@responses.activate
def test_what_another_change_has_replaced_is_not_done(portal: Portal) -> None:
    told = CHANGE | {"state": "applied", "effect": "superseded"}
    responses.get(f"{URL}/api/v1/changes/2222-2222", json=told)
    with pytest.raises(CommandError, match="took its place") as caught:
        wait_for(portal, "2222-2222", 60)
    assert (caught.value.exit_code, caught.value.code) == (Exit.ERROR, "superseded")


@responses.activate
def test_the_size_of_a_stopped_group_is_waited_for(portal: Portal, pauses: list[float]) -> None:
    told = CHANGE | {"state": "applied", "effect": "waits_for_start"}
    responses.get(f"{URL}/api/v1/changes/2222-2222", json=told)
    with pytest.raises(CommandError, match="cgp start") as caught:
        wait_for(portal, "2222-2222", 8, clock=lambda: sum(pauses))
    assert caught.value.exit_code is Exit.WAITED_TOO_LONG
    assert len(pauses) == 2
