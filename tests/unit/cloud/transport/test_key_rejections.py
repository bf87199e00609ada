"""What Cloud refuses the key is not asked for again at every look."""

import pytest
import responses

from app.cloud.transport.key_rejections import PAUSE_SECONDS, KeyRejections
from app.errors import CloudKeyRefused, CloudNotAsked
from tests.unit.cloud.helpers import URL, failure, make_http, success


class Clock:
    """A clock that the tests move."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def refusal(status: int) -> CloudKeyRefused:
    """What Cloud says."""
    return CloudKeyRefused(message="Refused.", request_id="1", upstream_status=status)


@pytest.mark.parametrize(("status", "elsewhere"), [(401, True), (403, False)])
def test_an_unknown_key_is_refused_everywhere_and_a_missing_right_where_it_is_missing(
    status: int, *, elsewhere: bool
) -> None:
    refusals = KeyRejections(monotonic=Clock())
    refusals.note("/keys", refusal(status))
    with pytest.raises(CloudKeyRefused, match="Refused") as caught:
        refusals.check("/keys")
    assert caught.value.upstream_status == status
    if elsewhere:
        with pytest.raises(CloudKeyRefused):
            refusals.check("/services")
    else:
        refusals.check("/services")


def test_after_a_minute_or_when_somebody_who_can_cure_it_looks_cloud_is_asked_again() -> None:
    clock = Clock()
    refusals = KeyRejections(monotonic=clock)
    refusals.note("/keys", refusal(401))
    refusals.forget()
    refusals.check("/keys")
    refusals.note("/keys", refusal(401))
    clock.seconds += PAUSE_SECONDS
    refusals.check("/keys")


def test_nothing_goes_out_with_a_key_that_was_just_refused(mocked: responses.RequestsMock) -> None:
    mocked.get(f"{URL}/a", status=401, body=failure(401, "Key is not active"))
    http = make_http()
    for path in ("/a", "/a", "/b"):
        with pytest.raises(CloudKeyRefused, match="Key is not active"):
            http.get(path)
    with pytest.raises(CloudNotAsked, match="Key is not active"):
        http.patch("/a", {"numReplicas": 1})
    assert len(mocked.calls) == 1
    mocked.get(f"{URL}/b", body=success(1))
    http.forget_key_rejections()
    assert http.get("/b").result == 1


def test_a_change_that_is_refused_does_not_close_the_way_for_others(
    mocked: responses.RequestsMock,
) -> None:
    mocked.patch(f"{URL}/a", status=403, body=failure(403, "No such feature"))
    http = make_http()
    for _ in range(2):
        with pytest.raises(CloudKeyRefused):
            http.patch("/a", {"numReplicas": 1})
    assert len(mocked.calls) == 2
