"""What an answer to the one query says about the name and the password."""

import re
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from app.clickhouse.exchange import Answer
from app.errors import CredentialRefusal

QUERY = (
    "SELECT currentUser() AS user, version() AS version,"
    " (SELECT groupArray(role_name) FROM system.enabled_roles) AS roles"
    " FORMAT JSONEachRow"
)
"""Needs no grant; names its format itself, because a setting in the URL would need one."""

# Names as in ClickHouse's ErrorCodes.cpp.
_RIGHT_PASSWORD = frozenset(
    {
        497,  # ACCESS_DENIED
        164,  # READONLY
        46,  # UNKNOWN_FUNCTION: an old server without currentUser()
        60,  # UNKNOWN_TABLE: an old server without roles
    }
)
_REFUSALS = {
    516: CredentialRefusal.WRONG_CREDENTIALS,  # AUTHENTICATION_FAILED
    194: CredentialRefusal.WRONG_CREDENTIALS,  # REQUIRED_PASSWORD
    193: CredentialRefusal.WRONG_CREDENTIALS,  # WRONG_PASSWORD, old servers
    192: CredentialRefusal.WRONG_CREDENTIALS,  # UNKNOWN_USER, old servers
    195: CredentialRefusal.WRONG_CREDENTIALS,  # IP_ADDRESS_NOT_ALLOWED, old servers; now 516
    201: CredentialRefusal.TOO_MANY_ATTEMPTS,  # QUOTA_EXCEEDED
    202: CredentialRefusal.BUSY,  # TOO_MANY_SIMULTANEOUS_QUERIES
    159: CredentialRefusal.BUSY,  # TIMEOUT_EXCEEDED
    209: CredentialRefusal.BUSY,  # SOCKET_TIMEOUT
    241: CredentialRefusal.BUSY,  # MEMORY_LIMIT_EXCEEDED
    439: CredentialRefusal.BUSY,  # CANNOT_SCHEDULE_TASK
}
_SECOND_FACTOR = b"(REQUIRED_SECOND_FACTOR)"
"""Known by its name at the end of the message, whatever its number is."""


@dataclass(frozen=True)
class UnknownError:
    """ClickHouse's exception with a code that says nothing here; promises nothing of a retry."""

    code: int


@dataclass(frozen=True)
class VerifiedUser:
    """Who somebody proved to be; says nothing about what they may do.

    `roles` are the enabled ones, empty when the server could not tell; `version` is
    ClickHouse's, None when unknown.
    """

    user: str
    roles: frozenset[str]
    version: str | None

    @property
    def known_roles(self) -> frozenset[str] | None:
        """The enabled roles; None, unlike an empty set, when the server could not tell them."""
        return None if self.version is None else self.roles


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user: str
    version: str
    roles: list[str]


def is_enough(code_text: str) -> bool:
    """Whether the code alone decides, so that the body need not be waited for."""
    code = _parse_code(code_text)
    return code is None or code in _RIGHT_PASSWORD or code in _REFUSALS


def judge(
    answer: Answer, *, user: str = "", user_prefix: str = ""
) -> VerifiedUser | CredentialRefusal | UnknownError:
    """Decide on ClickHouse's exception code, never on the HTTP status alone.

    The user must be `user`, or for a token have a name that begins with `user_prefix`.
    """
    if 300 <= answer.status < 400:
        return CredentialRefusal.NOT_CLICKHOUSE
    code = _find_exception_code(answer)
    if code is not None:
        return _judge_code(code, answer.body, user=user)
    if answer.status == 200:
        return _judge_row(answer.body, user=user, user_prefix=user_prefix)
    return CredentialRefusal.NOT_CLICKHOUSE


def _find_exception_code(answer: Answer) -> int | None:
    """From the header, or for servers older than the header from the body of an error."""
    if answer.exception_code is not None:
        return _parse_code(answer.exception_code)
    if answer.status == 200:
        return None
    match = re.match(r"Code: ([0-9]{1,5})[,.]", answer.body[:20].decode("latin-1"))
    return int(match[1]) if match else None


def _parse_code(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


def _judge_code(
    code: int, body: bytes, *, user: str
) -> VerifiedUser | CredentialRefusal | UnknownError:
    if code in _RIGHT_PASSWORD:
        return VerifiedUser(user=user, roles=frozenset(), version=None)
    if code in _REFUSALS:
        return _REFUSALS[code]
    return CredentialRefusal.SECOND_FACTOR if _SECOND_FACTOR in body else UnknownError(code)


def _judge_row(body: bytes, *, user: str, user_prefix: str) -> VerifiedUser | CredentialRefusal:
    try:
        row = _Row.model_validate_json(body)
    except ValidationError:
        return CredentialRefusal.NOT_CLICKHOUSE
    is_right = row.user.startswith(user_prefix) if user_prefix else row.user == user
    if not is_right:  # somebody on the way removed the headers: this is the user `default`
        return CredentialRefusal.NOT_CLICKHOUSE
    return VerifiedUser(user=row.user, roles=frozenset(row.roles), version=row.version)
