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
}


@dataclass(frozen=True)
class VerifiedUser:
    """Who somebody proved to be; says nothing about what they may do.

    `roles` are the enabled ones, empty when the server could not tell; `version` is
    ClickHouse's, None when unknown.
    """

    user: str
    roles: frozenset[str]
    version: str | None


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user: str
    version: str
    roles: list[str]


def judge(answer: Answer, *, user: str) -> VerifiedUser | CredentialRefusal:
    """Decide on ClickHouse's exception code, never on the HTTP status alone."""
    if 300 <= answer.status < 400:
        return CredentialRefusal.NOT_CLICKHOUSE
    code = _find_exception_code(answer)
    if code is not None:
        return _judge_code(code, user=user)
    if answer.status == 200:
        return _judge_row(answer.body, user=user)
    return CredentialRefusal.NOT_CLICKHOUSE


def _find_exception_code(answer: Answer) -> int | None:
    """From the header, or for servers older than the header from the body of an error."""
    if answer.exception_code is not None:
        match = re.fullmatch(r"([0-9]{1,5})", answer.exception_code)
    elif answer.status == 200:
        return None
    else:
        match = re.match(r"Code: ([0-9]{1,5})[,.]", answer.body[:20].decode("latin-1"))
    return int(match[1]) if match else None


def _judge_code(code: int, *, user: str) -> VerifiedUser | CredentialRefusal:
    if code in _RIGHT_PASSWORD:
        return VerifiedUser(user=user, roles=frozenset(), version=None)
    # Any other code is ClickHouse unable to run the query now (memory, overload, a timeout).
    return _REFUSALS.get(code, CredentialRefusal.BUSY)


def _judge_row(body: bytes, *, user: str) -> VerifiedUser | CredentialRefusal:
    try:
        row = _Row.model_validate_json(body)
    except ValidationError:
        return CredentialRefusal.NOT_CLICKHOUSE
    if row.user != user:  # somebody on the way removed the headers: this is the user `default`
        return CredentialRefusal.NOT_CLICKHOUSE
    return VerifiedUser(user=row.user, roles=frozenset(row.roles), version=row.version)
