"""Anchors: signed words about where the audit log ends, kept elsewhere than the log itself.

A log whose end was cut off is a whole chain by itself. An anchor names an event that must be in it,
and only who has the portal's secret key can write one.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

PARTS = 4
MOST_DIGITS = 18


class AnchorState(StrEnum):
    """What an anchor says about the log.

    MISSING: there is none. OTHER_KEY: its event is there, but its signature cannot be checked.
    FORGED: it is not as the portal wrote it. CUT: its event is not in the log.
    """

    HOLDS = "holds"
    MISSING = "missing"
    OTHER_KEY = "other_key"
    FORGED = "forged"
    CUT = "cut"

    @property
    def is_fault(self) -> bool:
        """Whether the log is not the one that the anchor was written for, or may not be."""
        return self in {AnchorState.FORGED, AnchorState.CUT}


WORDS = {
    AnchorState.HOLDS: "The event that the anchor names is in the audit log.",
    AnchorState.MISSING: "There is no anchor yet, so a cut end cannot be told.",
    AnchorState.OTHER_KEY: "The anchor is signed with another key; the event that it names is in "
    "the audit log.",
    AnchorState.FORGED: "The anchor of the audit log was changed or cannot be read.",
    AnchorState.CUT: "The audit log was cut off or replaced: the event that its anchor names is "
    "not in it.",
}
"""What each state means, for whoever runs the portal."""


@dataclass(frozen=True)
class Anchor:
    """Number and hash of an event; which key signed that, and the signature."""

    seq: int
    hash: str
    key: str
    signature: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}:{self.key}:{self.signature}"


def parse_anchor(text: str) -> Anchor | None:
    """The anchor that a line holds; None if it is none."""
    parts = text.strip().split(":")
    if len(parts) != PARTS or not text.isascii():
        return None
    seq, *others = parts
    return Anchor(int(seq), *others) if seq.isdecimal() and len(seq) <= MOST_DIGITS else None


class AnchorSigner:
    """Signs with a key that is made from the portal's secret key and good for nothing else."""

    def __init__(self, secret_key: str) -> None:
        self._key = _mac(secret_key.encode(), "audit-anchor").digest()
        self.key_name = _mac(self._key, "name").hexdigest()[:16]

    def sign(self, seq: int, hash_: str) -> Anchor:
        """The anchor for an event."""
        signature = _mac(self._key, f"event\n{seq}\n{hash_}").hexdigest()
        return Anchor(seq, hash_, self.key_name, signature)

    def is_own(self, anchor: Anchor) -> bool:
        """Whether it says that it was signed with this key."""
        return anchor.key == self.key_name

    def is_signed(self, anchor: Anchor) -> bool:
        """Whether it was."""
        expected = self.sign(anchor.seq, anchor.hash)
        return hmac.compare_digest(str(expected), str(anchor))


def _mac(key: bytes, text: str) -> hmac.HMAC:
    return hmac.new(key, text.encode(), hashlib.sha256)
