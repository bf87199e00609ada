"""The administrator's name, and the hash of the password, as `hash-password` makes it."""

import re

from werkzeug.security import generate_password_hash

from app.settings.values import UnusableValueError

LONGEST_USERNAME = 100
MAKE_A_HASH = "Make one with: python -m app.cli.hash_password"

# werkzeug.security: scrypt:<N>:<r>:<p>$<salt>$<hash in hex>. N is a power of two (RFC 7914).
_SCRYPT = re.compile(r"scrypt:([0-9]{1,7}):([0-9]{1,2}):([0-9]{1,2})\$[^$\s]{8,64}\$[0-9a-f]{128}")
_LEAST_WORK, _MOST_WORK = 2**17, 2**21
"""N x r x p. Below: quickly guessed from a stolen hash. Above: a sign-in fills the memory."""


def parse_admin_username(text: str) -> str:
    """A name without line breaks or control characters."""
    if len(text) > LONGEST_USERNAME or not text.isprintable():
        raise UnusableValueError(
            "is no name for a sign-in", f"Give up to {LONGEST_USERNAME} ordinary characters."
        )
    return text


def parse_password_hash(text: str) -> str:
    """A hash by scrypt, costly enough to guess, in werkzeug's format."""
    match = _SCRYPT.fullmatch(text)
    if not match:
        raise UnusableValueError("is not a hash of the form scrypt:N:r:p$salt$hash", MAKE_A_HASH)
    n, r, p = (int(figure) for figure in match.groups())
    is_power_of_two = n > 1 and n & (n - 1) == 0
    if not is_power_of_two or not _LEAST_WORK <= n * r * p <= _MOST_WORK:
        raise UnusableValueError("has figures that are not safe to use", MAKE_A_HASH)
    return text


def hash_plain_password(text: str) -> str:
    """The hash of a password that an earlier service's settings hold in plain text."""
    return generate_password_hash(text)
