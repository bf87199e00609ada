"""ClickHouse's own second factor: a code that stands behind the password, as `+123456`.

It works once, so it is sent in one request to one service and never kept
(clickhouse.com/docs, one-time passwords; the exception is REQUIRED_SECOND_FACTOR).
"""

import re

from pydantic import SecretStr

from app.domain.messages import problem
from app.errors import BrokenRules

FIELD = "code"
_CODE = re.compile(r"[0-9]{4,10}")
_CODE_BEHIND = re.compile(r"\+[0-9]{4,10}\Z")


def has_code(password: SecretStr) -> bool:
    """Whether a code stands behind the password, as programs send it too. A password that ends so
    by itself is taken for one with a code."""
    return _CODE_BEHIND.search(password.get_secret_value()) is not None


def append_code(password: SecretStr, code: str) -> SecretStr:
    """The password as ClickHouse expects it; as it is where no code was given.

    Blanks are left out, since apps show codes in groups. Raises BrokenRules for what is no code.
    """
    digits = "".join(code.split())
    if not digits:
        return password
    if not _CODE.fullmatch(digits):
        raise BrokenRules((problem(FIELD, "code_malformed"),))
    return SecretStr(f"{password.get_secret_value()}+{digits}")
