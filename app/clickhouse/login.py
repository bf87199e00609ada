"""Checks a ClickHouse user's password by running one harmless query as that user."""

import requests
from pydantic import SecretStr

from app.clickhouse.answers import QUERY, UnknownError, VerifiedUser, is_enough, judge
from app.clickhouse.credentials import make_credential_headers, make_token_header
from app.clickhouse.endpoints import check_endpoint_url
from app.clickhouse.exchange import Answer, exchange
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
        return _proven_or_raise(self._ask(endpoint_url, user, password, is_waking=is_waking))

    def verify_token(
        self, *, endpoint_url: str, token: SecretStr, subject: str, is_waking: bool = False
    ) -> VerifiedUser:
        """Return who ClickHouse makes of a token of the company's sign-in.

        Its name is `JWT::<subject>::<hash>`, another one for other roles. Raises as `verify`.
        """
        check_endpoint_url(endpoint_url)
        headers = make_token_header(token.get_secret_value())
        answer = self._send(endpoint_url, headers, is_waking=is_waking)
        if not isinstance(answer, Answer):
            return _proven_or_raise(answer)
        return _proven_or_raise(judge(answer, user_prefix=f"JWT::{subject}::"))

    def _ask(
        self, endpoint_url: str, user: str, password: SecretStr, *, is_waking: bool
    ) -> VerifiedUser | CredentialRefusal | UnknownError:
        headers = make_credential_headers(user, password.get_secret_value())
        answer = self._send(endpoint_url, headers, is_waking=is_waking)
        return judge(answer, user=user) if isinstance(answer, Answer) else answer

    def _send(
        self, endpoint_url: str, headers: dict[str, bytes] | None, *, is_waking: bool
    ) -> Answer | CredentialRefusal:
        if headers is None:
            return CredentialRefusal.UNUSABLE_INPUT
        timeouts = self._choose_timeouts(is_waking=is_waking)
        # ClickHouse is given longer than a request has, so the check has a time of its own.
        with beside_the_deadline(sum(timeouts)):
            return exchange(
                _make_request(endpoint_url, headers),
                timeouts_seconds=timeouts,
                on_timeout=_explain_timeout(is_waking=is_waking),
                is_enough=is_enough,
            )

    def _choose_timeouts(self, *, is_waking: bool) -> tuple[float, float]:
        read_seconds = self._waking_timeout_seconds if is_waking else self._read_timeout_seconds
        return (self._connect_timeout_seconds, read_seconds)


def _proven_or_raise(outcome: VerifiedUser | CredentialRefusal | UnknownError) -> VerifiedUser:
    if isinstance(outcome, CredentialRefusal):
        raise CredentialsRefused(outcome) from None
    if isinstance(outcome, UnknownError):
        raise CredentialsRefused(CredentialRefusal.UNKNOWN_ERROR, outcome.code) from None
    return outcome


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
