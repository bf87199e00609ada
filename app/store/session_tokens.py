"""What stands for the token of a session in the store and in the audit log."""

import hashlib

MARK_LENGTH = 16


def session_mark(token: str) -> str:
    """What the trail knows a session by: enough of the hash to tell sessions apart."""
    return hash_of(token)[:MARK_LENGTH]


def hash_of(token: str) -> str:
    """What stands for a token in the store."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
