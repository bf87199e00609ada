"""Lists that go on on a further page are read to their end, each page for one request."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from app.cloud.client import CloudClient
from app.cloud.transport.budget import RequestBudget, UsageOfOneProcess
from app.cloud.transport.pages import MOST_PAGES
from app.errors import CloudAnswerLost, CloudNotAsked
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


def read_endless(network: responses.RequestsMock, cursor: str) -> tuple[CloudClient, int]:
    """Read a list whose every page names another, and count the requests."""
    numbers = iter(range(1, 1000))

    def answer(_request: object) -> tuple[int, dict[str, str], str]:
        return 200, {}, beside([service_json()], cursor.format(next(numbers)))

    network.add_callback(responses.GET, SERVICES_URL, callback=answer)
    client = make_client()
    client.list_services()
    return client, len(network.calls)


def test_a_list_without_an_end_is_read_for_a_bounded_number_of_pages(
    mocked: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "portal.cloud"):
        assert read_endless(mocked, "{}")[1] == MOST_PAGES
    assert "more than 20 pages" in caplog.text


def test_a_cursor_that_comes_again_ends_the_list(mocked: responses.RequestsMock) -> None:
    assert read_endless(mocked, "same")[1] == 2


@pytest.mark.parametrize("cursor", [True, [], {}, 1.5, "x" * 5000, "a\nb"])
def test_what_is_no_cursor_ends_the_list(mocked: responses.RequestsMock, cursor: object) -> None:
    mocked.get(SERVICES_URL, body=beside([service_json()], cursor))
    assert len(make_client().list_services()) == 1


def test_a_later_page_that_is_none_loses_the_answer(mocked: responses.RequestsMock) -> None:
    serve(mocked, SERVICES_URL, [beside([service_json()], "1"), json.dumps({"result": {}})])
    with pytest.raises(CloudAnswerLost, match="makes no sense"):
        make_client().list_services()


def test_every_page_is_paid_for(mocked: responses.RequestsMock) -> None:
    pages = [beside([service_json()], str(number)) for number in range(1, 8)]
    serve(mocked, SERVICES_URL, pages)
    with pytest.raises(CloudNotAsked):
        make_client(make_http(budget=RequestBudget(UsageOfOneProcess()))).list_services()
    assert len(mocked.calls) == 7
