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

    NONE_YET: there is none, and the log tells of none in this place. MISSING: there is none, though
    the log tells of one. UNPROVEN: its event is there, and the portal's key is another at each
    start. OTHER_KEY: its event is there, but it says that it was signed with another key, which
    whoever cut the log could have written as well. FORGED: it is not as the portal wrote it. CUT:
    its event, or one that this process has met, is not in the log. UNSIGNED_PRUNE: its event is
    there, but the log begins later than with its first event, and no record signed with the
    portal's key tells of that.
    """

    HOLDS = "holds"
    NONE_YET = "none_yet"
    UNPROVEN = "unproven"
    MISSING = "missing"
    OTHER_KEY = "other_key"
    FORGED = "forged"
    CUT = "cut"
    UNSIGNED_PRUNE = "unsigned_prune"

    @property
    def is_fault(self) -> bool:
        """Whether the log is not the one that the anchor was written for, or may not be."""
        return self in {
            AnchorState.MISSING,
            AnchorState.OTHER_KEY,
            AnchorState.FORGED,
            AnchorState.CUT,
            AnchorState.UNSIGNED_PRUNE,
        }


ACCEPT = "`flask --app wsgi audit accept` takes the log as it is."

WORDS = {
    AnchorState.HOLDS: "The event that the anchor names is in the audit log.",
    AnchorState.NONE_YET: "There is no anchor in this place yet, so a cut end cannot be told.",
    AnchorState.UNPROVEN: "PORTAL_SECRET_KEY is not set, so who wrote the anchor cannot be told; "
    "the event that it names is in the audit log.",
    AnchorState.MISSING: "The anchor of the audit log is gone, though the log tells of it. "
    f"{ACCEPT}",
    AnchorState.OTHER_KEY: "The anchor of the audit log is signed with another key. If "
    f"PORTAL_SECRET_KEY was changed on purpose: {ACCEPT}",
    AnchorState.FORGED: "The anchor of the audit log was changed or cannot be read.",
    AnchorState.CUT: "The audit log was cut off or replaced: the event that its anchor names, or "
    "one that this process has met, is not in it.",
    AnchorState.UNSIGNED_PRUNE: "The beginning of the audit log is gone, and no record that is "
    f"signed with the portal's key tells of a prune. If an earlier version pruned it: {ACCEPT}",
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

    def sign_removal(self, seq: int, hash_: str) -> str:
        """The proof that the portal itself removed all events up to this one."""
        return _mac(self._key, f"removal\n{seq}\n{hash_}").hexdigest()

    def is_removal_signed(self, seq: int, hash_: str, signature: object) -> bool:
        """Whether this is that proof; whatever somebody put in its place is none."""
        expected = self.sign_removal(seq, hash_)
        return hmac.compare_digest(expected.encode(), str(signature).encode(errors="replace"))


def _mac(key: bytes, text: str) -> hmac.HMAC:
    return hmac.new(key, text.encode(), hashlib.sha256)
