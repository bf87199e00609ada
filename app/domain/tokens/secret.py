"""How a personal token is written: `cgp_`, 30 random characters, and a checksum of those.

The checksum is the CRC-32 of all before it in base 62, six characters. It is no protection
against guessing, which 178 random bits are: it tells text that never was a token, as one cut off
or mistyped, without a question to the store, and lets secret scanners be sure of what they find.
"""

import re
import zlib

PREFIX = "cgp_"
RANDOM_CHARACTERS = 30
CHECK_CHARACTERS = 6

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

PATTERN = rf"{PREFIX}[0-9A-Za-z]{{{RANDOM_CHARACTERS + CHECK_CHARACTERS}}}"
"""What secret scanners look for; documented in docs/security.md."""

_WHOLE = re.compile(PATTERN)


def write_secret(random_part: str) -> str:
    """The token with these random characters."""
    body = PREFIX + random_part
    return body + checksum(body)


def is_well_formed(text: str) -> bool:
    """Whether the text can be a token at all."""
    if not _WHOLE.fullmatch(text):
        return False
    return checksum(text[:-CHECK_CHARACTERS]) == text[-CHECK_CHARACTERS:]


def checksum(body: str) -> str:
    """The last six characters, for all that stands before them."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECK_CHARACTERS):
        rest, digit = divmod(rest, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
