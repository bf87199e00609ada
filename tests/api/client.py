"""A program that calls the JSON API, and an eye on every answer that comes back.

Whatever a test asks, the answer must be one that the API's document describes: its status, its
headers, its shape to the last field; and it sets no cookie.
"""

import re
from collections.abc import Mapping
from itertools import count
from typing import Any

import requests

from tests.support.openapi import check_answer as check_described
from tests.support.page_checks import check_headers
from tests.support.sandbox import Person

TIMEOUT_SECONDS = 40
PROBLEM = "application/problem+json"
_addresses = count(1)


class Answer:
    """One answer: `status`, `body`, `headers`, and shorthands for what tests look at."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.body: Any = response.json() if response.content else None

    @property
    def code(self) -> str:
        """The code of a problem."""
        return str(self.body["code"])

    @property
    def codes(self) -> set[tuple[str, str]]:
        """Field and code of every broken rule."""
        return {(item["field"], item["code"]) for item in self.body["errors"]}


class ApiClient:
    """Calls as one person, or as nobody, from an address of its own."""

    def __init__(self, url: str, person: Person | None = None) -> None:
        number = next(_addresses)
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (person.name, person.password) if person else None
        # Heard only by a portal that trusts a proxy, as the one the tests share does.
        self.session.headers["X-Forwarded-For"] = f"198.19.{number // 256}.{number % 256}"

    def get(self, path: str, status: int = 200, **options: Any) -> Answer:  # noqa: ANN401 - requests'
        """Ask; the status must be as said."""
        return self.send("GET", path, status, **options)

    def post(
        self,
        path: str,
        body: object,
        status: int,
        **options: Any,  # noqa: ANN401 - requests'
    ) -> Answer:
        """Send JSON; the status must be as said."""
        return self.send("POST", path, status, json=body, **options)

    def send(
        self,
        method: str,
        path: str,
        status: int | None,
        **options: Any,  # noqa: ANN401 - requests'
    ) -> Answer:
        """Send anything; any documented status where none is named."""
        response = self.session.request(
            method, self.url + path, timeout=TIMEOUT_SECONDS, allow_redirects=False, **options
        )
        answer = Answer(response)
        assert status in {None, answer.status}, f"{answer.status}, not {status}: {response.text}"
        check_answer(response)
        return answer


def check_answer(response: requests.Response) -> None:
    """What must hold for every answer of the API."""
    check_headers(response)
    assert "Set-Cookie" not in response.headers
    check_described(response)
    if response.headers["Content-Type"] == PROBLEM:
        _check_problem(response)


def _check_problem(response: requests.Response) -> None:
    body: Mapping[str, Any] = response.json()
    assert body["status"] == response.status_code
    assert body["detail"]
    assert re.fullmatch("[0-9a-f]{16}", body["request_id"])
    assert (response.status_code == 401) == ("WWW-Authenticate" in response.headers)
    assert body.get("retry_after", "") == _number(response.headers.get("Retry-After", ""))
    assert (response.status_code == 429) <= ("Retry-After" in response.headers)


def _number(text: str) -> int | str:
    return int(text) if text else text
