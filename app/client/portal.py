"""Calls of the portal's JSON API.

Sent again is only what is safe to send again: readings, and changes that carry an idempotency key,
of which the portal makes one however often they arrive. No redirect is followed, so that the token
goes to the portal and nowhere else; for the same reason no proxy is asked without TLS.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from . import VERSION
from .exits import CommandError, problem_error
from .settings import Settings

TRIES = 4
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 40.0
LONGEST_PAUSE_SECONDS = 30.0
PASSING = {429, 502, 503, 504}
"""Statuses of a reading that may be another one in a moment."""
KEY = "Idempotency-Key"


class Unreachable(CommandError):
    """The portal gave no answer."""


class _Bearer(AuthBase):
    """The token in the header; as an authentication, so that no netrc file takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass
class Portal:
    """One portal. Every method raises CommandError; Unreachable where no answer came."""

    settings: Settings
    pause: Callable[[float], None] = time.sleep
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        """The environment names proxies, which would read what goes over http://."""
        self.session.trust_env = urlsplit(self.settings.url).scheme == "https"

    def get(self, path: str, **parameters: str) -> Any:
        """Read something, again where the portal is away for a moment."""
        return self._ask("GET", path, {"params": parameters}, again_for=PASSING)

    def get_once(self, path: str) -> Any:
        """Read something, for whoever asks again anyway."""
        return self._read(self._send("GET", path, {}))

    def change(self, path: str, body: Mapping[str, Any], key: str) -> Any:
        """Ask for a change, again with the same key where no answer came."""
        return self._ask("POST", path, {"json": body, "headers": {KEY: key}})

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Something that is the same if it is done twice, such as an end, or a later one."""
        return self._ask(method, path, {} if body is None else {"json": body})

    def _ask(
        self, method: str, path: str, options: dict[str, Any], again_for: set[int] | None = None
    ) -> Any:
        for number in range(1, TRIES + 1):
            try:
                answer = self._send(method, path, options)
            except Unreachable:
                if number == TRIES:
                    raise
                self.pause(2 ** (number - 1))
                continue
            if number < TRIES and answer.status_code in (again_for or ()):
                self.pause(_pause_of(answer, 2 ** (number - 1)))
                continue
            break
        return self._read(answer)

    def _send(self, method: str, path: str, options: dict[str, Any]) -> requests.Response:
        headers = {"User-Agent": f"cgp/{VERSION}", "Accept": "application/json"}
        headers |= options.get("headers", {})
        try:
            return self.session.request(
                method,
                f"{self.settings.url}{path}",
                auth=_Bearer(self.settings.token),
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                **options | {"headers": headers},
            )
        except requests.RequestException as error:
            words = f"The portal at {self.settings.url} did not answer ({type(error).__name__})."
            raise Unreachable(words, code="unreachable") from None

    def _read(self, answer: requests.Response) -> Any:
        try:
            body = answer.json()
        except (ValueError, RecursionError):
            body = None
        if answer.status_code // 100 != 2:
            raise problem_error(answer.status_code, body)
        if not isinstance(body, dict):
            raise CommandError(
                f"What answers at {self.settings.url} is not the portal.", code="not_the_portal"
            )
        return body


def _pause_of(answer: requests.Response, otherwise: float) -> float:
    told = answer.headers.get("Retry-After", "")
    return (
        min(float(told), LONGEST_PAUSE_SECONDS) if told.isascii() and told.isdigit() else otherwise
    )
