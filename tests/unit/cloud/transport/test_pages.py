"""Lists that go on on a further page are read to their end, each page for one request."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from app.cloud.transport.answers import Answer
from app.cloud.transport.budget import RequestBudget, UsageOfOneProcess
from app.cloud.transport.pages import MOST_PAGES, RESUMED_SECONDS, PagedList, WholeList
from app.domain.changes.actions import Action
from app.errors import (
    CloudAnswerLost,
    CloudError,
    CloudNotAsked,
    CloudRejected,
    CloudTooBusy,
    CloudUnreachable,
)
from tests.unit.builders import PRIMARY_ID
from tests.unit.cloud.helpers import (
    KEY_ID,
    ORGANIZATION_ID,
    SERVICES_URL,
    URL,
    Unlimited,
    make_client,
    make_http,
    service_json,
)

IDS = [f"0c000000-0000-4000-8000-0000000000{number}" for number in range(41, 71)]
SINCE = datetime(2026, 11, 20, tzinfo=UTC)
ORGANIZATION_URL = f"{URL}/v1/organizations/{ORGANIZATION_ID}"


def beside(items: list[Any], cursor: object) -> str:
    """A page that names the next one beside its result."""
    return json.dumps({"status": 200, "result": items, "nextCursor": cursor})


def inside(items: list[Any], cursor: object) -> str:
    """A page that names the next one inside its result."""
    return json.dumps({"status": 200, "result": {"items": items, "nextCursor": cursor}})


def serve(
    network: responses.RequestsMock, url: str, pages: list[str], query: dict[str, str] | None = None
) -> None:
    """The pages of a list; the cursor of each is its number."""
    for number, page in enumerate(pages):
        asked = (query or {}) | ({"cursor": str(number)} if number else {})
        network.get(url, body=page, match=[query_param_matcher(asked)])


@pytest.mark.parametrize("page", [beside, inside])
@pytest.mark.parametrize("end", [None, ""])
def test_all_pages_of_services_are_one_list(
    mocked: responses.RequestsMock, page: Callable[[list[Any], object], str], end: object
) -> None:
    items = [service_json(id=service_id) for service_id in IDS[:5]]
    serve(mocked, SERVICES_URL, [page(items[:2], "1"), page(items[2:4], 2), page(items[4:], end)])
    budget = Unlimited()
    services = make_client(make_http(budget=budget)).list_services()
    assert [item.service_id for item in services] == IDS[:5]
    assert budget.taken == [False] * 3


def test_a_key_on_a_later_page_is_found(mocked: responses.RequestsMock) -> None:
    keys = [{"keySuffix": "0000"}], [{"keySuffix": KEY_ID[-4:], "name": "Portal key"}]
    pages = [beside(keys[0], "1"), beside(keys[1], None)]
    serve(mocked, f"{ORGANIZATION_URL}/keys", pages)
    key = make_client().find_key(KEY_ID)
    assert key is not None
    assert key.name == "Portal key"


def test_activities_go_on_with_their_own_query(mocked: responses.RequestsMock) -> None:
    told = [
        {"createdAt": f"2026-11-2{day}T00:00:00Z", "type": "service_stop", "serviceId": IDS[0]}
        for day in (1, 2)
    ]
    query = {"from_date": "2026-11-20T00:00:00+00:00"}
    pages = [beside(told[:1], "1"), beside(told[1:], None)]
    serve(mocked, f"{ORGANIZATION_URL}/activities", pages, query)
    assert len(make_client().list_activities(SINCE)) == 2


def read_endless(network: responses.RequestsMock, cursor: str) -> tuple[str, int]:
    """Read a list whose every page names another: why it failed, and how many requests it took."""
    numbers = iter(range(1, 1000))

    def answer(_request: object) -> tuple[int, dict[str, str], str]:
        return 200, {}, beside([service_json()], cursor.format(next(numbers)))

    network.add_callback(responses.GET, SERVICES_URL, callback=answer)
    with pytest.raises(CloudAnswerLost) as caught:
        make_client().list_services()
    return caught.value.message, len(network.calls)


def test_a_list_without_an_end_is_not_taken_for_a_whole_one(
    mocked: responses.RequestsMock,
) -> None:
    message, count = read_endless(mocked, "{}")
    assert "more than 20 pages" in message
    assert count == MOST_PAGES


def test_the_most_pages_are_a_whole_list(mocked: responses.RequestsMock) -> None:
    cursors = [str(number) for number in range(1, MOST_PAGES)]
    serve(mocked, SERVICES_URL, [beside([service_json()], item) for item in [*cursors, None]])
    assert len(make_client().list_services()) == 1


def test_a_cursor_that_comes_again_is_no_end(mocked: responses.RequestsMock) -> None:
    message, count = read_endless(mocked, "same")
    assert "the same page" in message
    assert count == 2


@pytest.mark.parametrize("page", [beside, inside])
@pytest.mark.parametrize(
    "cursor", [True, False, [], {}, {"x": 1}, 1.5, "x" * 3000, "a\nb", "\ufffd\x00"]
)
def test_what_is_no_cursor_is_no_end(
    mocked: responses.RequestsMock, page: Callable[[list[Any], object], str], cursor: object
) -> None:
    mocked.get(SERVICES_URL, body=page([service_json()], cursor))
    with pytest.raises(CloudAnswerLost, match="names the next page"):
        make_client().list_services()


def test_an_odd_cursor_beside_an_accepted_change_costs_nothing(
    mocked: responses.RequestsMock,
) -> None:
    body = json.dumps({"status": 200, "result": service_json(), "nextCursor": {"x": 1}})
    mocked.patch(f"{SERVICES_URL}/{PRIMARY_ID}/state", body=body)
    receipt = make_client().update(PRIMARY_ID, Action.STOP, {"command": "stop"})
    assert receipt.status == 200


def test_a_later_page_that_is_none_loses_the_answer(mocked: responses.RequestsMock) -> None:
    serve(mocked, SERVICES_URL, [beside([service_json()], "1"), json.dumps({"result": {}})])
    with pytest.raises(CloudAnswerLost, match="makes no sense"):
        make_client().list_services()


class Pages:
    """A list of so many pages, of which `left` can be asked for, at a time that the test moves."""

    def __init__(self, number: int) -> None:
        self.number, self.left, self.seconds = number, 0, 0.0
        self.asked: list[str] = []
        self.error: CloudError = CloudNotAsked(message="Used up.", retry_after_seconds=5)
        self.list = PagedList(self.get, "/services", monotonic=lambda: self.seconds)

    def get(self, path: str) -> Answer:
        """The page that the path names: its own number, and the next one's cursor."""
        if not self.left:
            raise self.error
        self.left -= 1
        self.asked.append(path)
        page = int(path.partition("?cursor=")[2] or 0)
        return Answer([page], None, next_cursor=page + 1 if page + 1 < self.number else None)

    def read(self, left: int, seconds: float = 0.0) -> WholeList | None:
        """Read so much later, with so many requests to be had; None where that is too few."""
        self.left, self.seconds = left, self.seconds + seconds
        with suppress(CloudError):
            return self.list.read()
        return None


def test_a_list_beyond_the_request_limit_is_read_on_where_it_broke_off() -> None:
    pages = Pages(18)
    assert pages.read(7) is None
    assert pages.read(7, 12) is None
    assert pages.read(7, 12) == WholeList(list(range(18)), lag_seconds=24)
    assert len(pages.asked) == 18
    assert pages.read(18, 5) == WholeList(list(range(18)))


def test_what_was_read_too_long_ago_is_read_again() -> None:
    pages = Pages(9)
    assert pages.read(7) is None
    assert pages.read(9, RESUMED_SECONDS) == WholeList(list(range(9)))
    assert len(pages.asked) == 7 + 9


@pytest.mark.parametrize(
    "error",
    [
        CloudAnswerLost(message="Lost."),
        CloudUnreachable(message="Away."),
        CloudTooBusy(message="Busy.", retry_after_seconds=1),
    ],
    ids=lambda error: error.code,
)
def test_a_page_that_does_not_come_is_asked_for_again(error: CloudError) -> None:
    pages = Pages(3)
    pages.error = error
    assert pages.read(2) is None
    assert pages.read(1) == WholeList([0, 1, 2])


def test_a_cursor_that_cloud_refuses_is_not_used_again() -> None:
    pages = Pages(3)
    pages.error = CloudRejected(message="Not a cursor of this list.")
    assert pages.read(2) is None
    assert pages.read(1) is None
    assert pages.asked[-1] == "/services"


def test_every_page_is_paid_for(mocked: responses.RequestsMock) -> None:
    pages = [beside([service_json()], str(number)) for number in range(1, 8)]
    serve(mocked, SERVICES_URL, pages)
    with pytest.raises(CloudNotAsked):
        make_client(make_http(budget=RequestBudget(UsageOfOneProcess()))).list_services()
    assert len(mocked.calls) == 7
