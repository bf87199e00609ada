"""What of Cloud's own object of a service may be shown, at any depth of it.

Everything that Cloud says passes but what is denied here: it helps nobody to scale a service, and
whoever has it is nearer to the data or to the accounts behind it. docs/programs.md says the same.
"""

from collections.abc import Mapping
from functools import lru_cache

DENIED_PARTS = (
    "encrypt",  # encryptionKey, encryptionRoleId, transparentDataEncryptionKeyId and the like
    "role",  # encryptionAssumedRoleIdentifier
    "keyid",
    "accesskey",
    "apikey",
    "privatekey",
    "kms",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "certificate",
    "username",
)
"""A field whose name has one of these in it, in any case and with any marks, is never shown."""

ALLOWED_NAMES = frozenset({"iamRole", "hasTransparentDataEncryption"})
"""Shown all the same, at the top: the older service's README has the first; the second is a yes."""

DEEPEST = 20
"""Levels of objects and lists; what lies deeper is left out."""


def shown_fields(said: Mapping[str, object]) -> dict[str, object]:
    """The fields that may be shown. A null says nothing and is left out."""
    return {
        _readable(name): _shown(value, DEEPEST)
        for name, value in said.items()
        if value is not None and _may_show_at_top(name, value)
    }


@lru_cache(maxsize=1000)  # Cloud's names are few, and come again with every service
def is_denied(name: str) -> bool:
    """Whether a field of this name is never shown, whatever is in it."""
    plain = "".join(mark for mark in name.lower() if mark.isalnum())
    return any(part in plain for part in DENIED_PARTS)


def _may_show_at_top(name: str, value: object) -> bool:
    # A name is let through for its plain value; an object under it may hold anything.
    is_plain = isinstance(value, str | bool)
    return (name in ALLOWED_NAMES and is_plain) or not is_denied(name)


def _shown(value: object, levels: int) -> object:
    if isinstance(value, str):
        return _readable(value)
    if isinstance(value, dict | list) and not levels:
        return None
    if isinstance(value, list):
        return [_shown(item, levels - 1) for item in value]
    if isinstance(value, dict):
        return {
            _readable(name): _shown(item, levels - 1)
            for name, item in value.items()
            if not is_denied(name)
        }
    return value


def _readable(text: str) -> str:
    # Half of a surrogate pair, which JSON may spell, is no text that can be sent on.
    return text.encode(errors="replace").decode()
