"""Parsers of secrets and of what belongs to them.

Each raises UnusableValueError, which never repeats the text.
"""

import re

from app.settings.environment.parsers import UnusableValueError

MIN_SECRET_KEY_LENGTH = 32
MIN_API_KEY_LENGTH = 8
MIN_API_SECRET_LENGTH = 16
MIN_DISTINCT_CHARACTERS = 5
MAX_USERNAME_LENGTH = 100
MIN_CLIENT_SECRET_LENGTH = 16

MAKE_A_KEY = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
MAKE_A_HASH = "Make one with: python -m app.cli.hash_password"

_SAMPLE_WORDS = re.compile(
    "change-?_?me|replace-?_?me|secret|password|passwd|example|sample|default|test|dev|admin"
    "|clickhouse|portal|your|api|key|organi[sz]ation|qwerty|letmein|abcdefghijklmnopqrstuvwxyz"
    "|0?1234[5-9]*0?"
)
# werkzeug.security: scrypt:<N>:<r>:<p>$<salt>$<hash in hex>. N is a power of two (RFC 7914).
_SCRYPT = re.compile(r"scrypt:([0-9]{1,7}):([0-9]{1,2}):([0-9]{1,2})\$[^$\s]{8,64}\$[0-9a-f]{128}")
_MIN_SCRYPT_COST, _MAX_SCRYPT_COST = 2**17, 2**21
"""N x r x p. Below: a stolen hash is quickly guessed. Above: a sign-in uses too much memory."""


def parse_secret_key(text: str) -> str:
    """The key that signs cookies and form tokens."""
    _refuse_weak(text, min_length=MIN_SECRET_KEY_LENGTH, remedy=MAKE_A_KEY)
    return text


def parse_api_key(text: str) -> str:
    """The id of the Cloud API key. It is a Basic authentication user name, so it has no colon."""
    _refuse_weak(text, min_length=MIN_API_KEY_LENGTH, remedy="Copy the key's id from Cloud.")
    if not _is_graphic_ascii(text) or ":" in text:
        raise UnusableValueError(
            "has characters that no key id of ClickHouse Cloud has",
            "Copy the key's id again, without spaces.",
        )
    return text


def parse_api_secret(text: str) -> str:
    """The secret of the Cloud API key."""
    remedy = "Copy the key's secret from Cloud."
    _refuse_weak(text, min_length=MIN_API_SECRET_LENGTH, remedy=remedy)
    if not _is_graphic_ascii(text):
        raise UnusableValueError(
            "has characters that no key secret of ClickHouse Cloud has",
            "Copy the key's secret again, without spaces.",
        )
    return text


def parse_metrics_token(text: str) -> str:
    """The bearer token for /metrics."""
    _refuse_weak(text, min_length=MIN_SECRET_KEY_LENGTH, remedy=MAKE_A_KEY)
    if not _is_graphic_ascii(text):
        raise UnusableValueError("has characters that no header can carry", MAKE_A_KEY)
    return text


def parse_admin_username(text: str) -> str:
    """A printable name of up to MAX_USERNAME_LENGTH characters."""
    if len(text) > MAX_USERNAME_LENGTH or not text.isprintable():
        raise UnusableValueError(
            "is no name for a sign-in", f"Give up to {MAX_USERNAME_LENGTH} ordinary characters."
        )
    return text


def parse_password_hash(text: str) -> str:
    """A scrypt hash in werkzeug's format with safe cost parameters."""
    match = _SCRYPT.fullmatch(text)
    if not match:
        raise UnusableValueError("is not a hash of the form scrypt:N:r:p$salt$hash", MAKE_A_HASH)
    n, r, p = (int(figure) for figure in match.groups())
    is_power_of_two = n > 1 and n & (n - 1) == 0
    if not is_power_of_two or not _MIN_SCRYPT_COST <= n * r * p <= _MAX_SCRYPT_COST:
        raise UnusableValueError("has figures that are not safe to use", MAKE_A_HASH)
    return text


def parse_client_secrets(text: str) -> dict[str, str]:
    """The secret of each provider by its key. Raises UnusableValueError."""
    found: dict[str, str] = {}
    for item in text.split():
        key, sign, secret = item.partition("=")
        if not key or not sign or key in found:
            remedy = "Write key=secret for each provider once, with blanks between."
            raise UnusableValueError("cannot be understood", remedy)
        if len(secret) < MIN_CLIENT_SECRET_LENGTH:
            remedy = "Use the secret that the provider has made."
            what = f"holds a secret of fewer than {MIN_CLIENT_SECRET_LENGTH} characters"
            raise UnusableValueError(what, remedy)
        found[key] = secret
    return found


def find_missing(keys: set[str], given: dict[str, str]) -> str:
    """The first provider without a secret; empty if there is none."""
    return min(keys - given.keys(), default="")


def _is_graphic_ascii(text: str) -> bool:
    return all("!" <= character <= "~" for character in text)


def _refuse_weak(text: str, *, min_length: int, remedy: str) -> None:
    if len(text) < min_length:
        raise UnusableValueError(f"is shorter than {min_length} characters", remedy)
    if len(set(text)) < MIN_DISTINCT_CHARACTERS:
        raise UnusableValueError("repeats the same few characters", remedy)
    if len(set(_SAMPLE_WORDS.sub("", text.lower()))) < MIN_DISTINCT_CHARACTERS:
        raise UnusableValueError("is a sample value, which anybody can guess", remedy)
