"""Checks a ClickHouse user's password by running one harmless query as that user."""

import requests
from pydantic import SecretStr

from app.clickhouse.answers import QUERY, UnknownError, VerifiedUser, is_enough, judge
from app.clickhouse.credentials import make_credential_headers
from app.clickhouse.endpoints import check_endpoint_url
from app.clickhouse.exchange import exchange
from app.deadlines import beside_the_deadline
from app.errors import CredentialRefusal, CredentialsRefused

__all__ = ["ClickHouseLogin", "VerifiedUser"]


class ClickHouseLogin:
    """Keeps no connection, cookie or password between two checks; safe to share by threads.

    A check wakes an idle service, and a failed one counts against the user's quota at
    ClickHouse: throttle before calling.
    """

    def __init__(
        self,
        *,
        connect_timeout_seconds: float = 5,
        read_timeout_seconds: float = 10,
        waking_timeout_seconds: float = 120,
    ) -> None:
        self._connect_timeout_seconds = connect_timeout_seconds
        self._read_timeout_seconds = read_timeout_seconds
        self._waking_timeout_seconds = waking_timeout_seconds

    def verify(
        self, *, endpoint_url: str, user: str, password: SecretStr, is_waking: bool = False
    ) -> VerifiedUser:
        """Return who this is; with `is_waking` the answer may take the waking timeout.

        Raises CredentialsRefused with the reason, and ValueError when passwords may not be
        sent to `endpoint_url` at all. Neither carries the password, nor a trace of the frames
        and exceptions that held it: it is raised here, after they have ended.
        """
        check_endpoint_url(endpoint_url)
        outcome = self._ask(endpoint_url, user, password, is_waking=is_waking)
        if isinstance(outcome, CredentialRefusal):
            raise CredentialsRefused(outcome) from None
        if isinstance(outcome, UnknownError):
            raise CredentialsRefused(CredentialRefusal.UNKNOWN_ERROR, outcome.code) from None
        return outcome

    def _ask(
        self, endpoint_url: str, user: str, password: SecretStr, *, is_waking: bool
    ) -> VerifiedUser | CredentialRefusal | UnknownError:
        headers = make_credential_headers(user, password.get_secret_value())
        if headers is None:
            return CredentialRefusal.UNUSABLE_INPUT
        timeouts = self._choose_timeouts(is_waking=is_waking)
        # ClickHouse is given longer than a request has, so the check has a time of its own.
        with beside_the_deadline(sum(timeouts)):
            answer = exchange(
                _make_request(endpoint_url, headers),
                timeouts_seconds=timeouts,
                on_timeout=_explain_timeout(is_waking=is_waking),
                is_enough=is_enough,
            )
        return answer if isinstance(answer, CredentialRefusal) else judge(answer, user=user)

    def _choose_timeouts(self, *, is_waking: bool) -> tuple[float, float]:
        read_seconds = self._waking_timeout_seconds if is_waking else self._read_timeout_seconds
        return (self._connect_timeout_seconds, read_seconds)


def _explain_timeout(*, is_waking: bool) -> CredentialRefusal:
    return CredentialRefusal.STILL_WAKING if is_waking else CredentialRefusal.UNREACHABLE


def _make_request(endpoint_url: str, credential_headers: dict[str, bytes]) -> requests.Request:
    headers: dict[str, str | bytes] = {
        "User-Agent": "clickhouse-compute-portal",
        "Accept-Encoding": "identity",  # a compressed body could unpack to any size
        "Connection": "close",
        **credential_headers,
    }
    return requests.Request("POST", endpoint_url, headers=headers, data=QUERY.encode())
