"""How a name and a password travel to ClickHouse."""

import base64
import re

MAX_USER_CHARACTERS = 256
MAX_PASSWORD_CHARACTERS = 1024
MAX_TOKEN_CHARACTERS = 16_384
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_BREAKS_A_HEADER = frozenset("\r\n\0")
_OUTER_SPACE = " \t\v\f"


def make_credential_headers(user: str, password: str) -> dict[str, bytes] | None:
    """Return the headers that carry both unchanged, or None when nothing can.

    ClickHouse's own headers are preferred, as a name with a colon does not fit into HTTP Basic.
    HTTP trims white space at the ends of a header's value (RFC 9110, 5.5), so such a name or
    password goes as Basic. An empty value is refused: without a name ClickHouse takes
    the user `default`.
    """
    user_bytes = _encode(user, max_characters=MAX_USER_CHARACTERS)
    password_bytes = _encode(password, max_characters=MAX_PASSWORD_CHARACTERS)
    if user_bytes is None or password_bytes is None:
        return None
    if _has_outer_space(user) or _has_outer_space(password):
        return _make_basic_header(user_bytes, password_bytes)
    return {"X-ClickHouse-User": user_bytes, "X-ClickHouse-Key": password_bytes}


def make_token_header(token: str) -> dict[str, bytes] | None:
    """The header that carries a token, or None for what is no token (RFC 6750, 2.1)."""
    if not 0 < len(token) <= MAX_TOKEN_CHARACTERS or not _TOKEN.fullmatch(token):
        return None
    return {"Authorization": b"Bearer " + token.encode("ascii")}


def _encode(value: str, *, max_characters: int) -> bytes | None:
    if not 0 < len(value) <= max_characters or _BREAKS_A_HEADER & set(value):
        return None
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair
        return None


def _has_outer_space(value: str) -> bool:
    return value != value.strip(_OUTER_SPACE)


def _make_basic_header(user: bytes, password: bytes) -> dict[str, bytes] | None:
    if b":" in user:
        return None
    return {"Authorization": b"Basic " + base64.b64encode(user + b":" + password)}
