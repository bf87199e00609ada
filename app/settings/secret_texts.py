"""Text of a secret setting -> the secret, unless anybody could guess it or it cannot travel."""

import re

from app.settings.values import UnusableValueError

LEAST_SECRET_KEY_CHARACTERS = 32
LEAST_API_KEY_CHARACTERS = 8
LEAST_API_SECRET_CHARACTERS = 16
LEAST_DIFFERENT_CHARACTERS = 5

MAKE_A_KEY = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"

_SAMPLE_WORDS = re.compile(
    "change-?_?me|replace-?_?me|secret|password|passwd|example|sample|default|test|dev|admin"
    "|clickhouse|portal|your|api|key|organi[sz]ation|qwerty|letmein|abcdefghijklmnopqrstuvwxyz"
    "|0?1234[5-9]*0?"
)


def parse_secret_key(text: str) -> str:
    """The key that signs cookies and form tokens."""
    _refuse_weak(text, least=LEAST_SECRET_KEY_CHARACTERS, remedy=MAKE_A_KEY)
    return text


def parse_api_key(text: str) -> str:
    """The id of the Cloud API key, which Basic authentication separates by a colon."""
    _refuse_weak(text, least=LEAST_API_KEY_CHARACTERS, remedy="Copy the key's id from Cloud.")
    if not _is_plain(text) or ":" in text:
        raise UnusableValueError(
            "has characters that no key id of ClickHouse Cloud has",
            "Copy the key's id again, without spaces.",
        )
    return text


def parse_api_secret(text: str) -> str:
    """The secret of the Cloud API key."""
    _refuse_weak(
        text, least=LEAST_API_SECRET_CHARACTERS, remedy="Copy the key's secret from Cloud."
    )
    if not _is_plain(text):
        raise UnusableValueError(
            "has characters that no key secret of ClickHouse Cloud has",
            "Copy the key's secret again, without spaces.",
        )
    return text


def parse_metrics_token(text: str) -> str:
    """What a program sends to read the portal's figures."""
    _refuse_weak(text, least=LEAST_SECRET_KEY_CHARACTERS, remedy=MAKE_A_KEY)
    if not _is_plain(text):
        raise UnusableValueError("has characters that no header can carry", MAKE_A_KEY)
    return text


def _is_plain(text: str) -> bool:
    return all("!" <= character <= "~" for character in text)


def _refuse_weak(text: str, *, least: int, remedy: str) -> None:
    if len(text) < least:
        raise UnusableValueError(f"is shorter than {least} characters", remedy)
    if len(set(text)) < LEAST_DIFFERENT_CHARACTERS:
        raise UnusableValueError("repeats the same few characters", remedy)
    if len(set(_SAMPLE_WORDS.sub("", text.lower()))) < LEAST_DIFFERENT_CHARACTERS:
        raise UnusableValueError("is a sample value, which anybody can guess", remedy)
