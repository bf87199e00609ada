"""Keeping an anchor of the audit log apart from it, to ask whether the log is whole."""

import logging
import platform
from dataclasses import dataclass, field
from typing import Any

from app.domain.audit.anchor import WORDS, Anchor, AnchorSigner, AnchorState, parse_anchor
from app.domain.audit.chain import REMOVED_HASH, REMOVED_TO, SIGNATURE
from app.domain.audit.events import GENESIS_HASH
from app.errors import StoreUnavailable
from app.store.audit.anchor_file import AnchorFile
from app.store.audit.log import EventStore
from app.store.audit.log_end import Place

ANCHOR_FILE = "anchor_file"
"""The detail of a start's event that names where the anchor is kept."""

EMPTY_LOG = Place(0, GENESIS_HASH)
"""What the anchor of an empty log names."""

log = logging.getLogger("portal.audit.anchor")


@dataclass(frozen=True)
class Anchors:
    """The one anchor on file. It is written at every start and stop, and now and then.

    Where the log ends is read under the file's lock: of several processes the one that writes last
    has also read last, so the anchor never goes back.
    `is_key_lasting` is False where the signer's key is another one at each start.
    """

    store: EventStore
    file: AnchorFile
    signer: AnchorSigner
    is_key_lasting: bool = True
    _proven: set[Place] = field(default_factory=set)
    """Beginnings of the log that this process has seen the proof of: looking for it takes time."""

    def describe(self, state: AnchorState) -> dict[str, str]:
        """What the event of a start tells: from then on an anchor in this place can be missed. So
        the place is left out where no anchor could be written."""
        place = {} if self.file.read() is None else {ANCHOR_FILE: str(self.file.path)}
        return {"anchor": state, **place}

    def check(self) -> AnchorState:
        """What the anchor on file, and the records of prunes, say about the log.

        Raises StoreUnavailable.
        """
        state = self._check_file()
        if not state.is_fault and self.store.is_end_lost():
            return AnchorState.CUT
        is_whole = state.is_fault or self._is_start_proven()
        return state if is_whole else AnchorState.UNSIGNED_PRUNE

    def sign_start(self) -> dict[str, Any]:
        """Details that account for where the log begins, if that is not its first event."""
        start = self.store.find_start()
        return self.sign_removal(start) if start and start != EMPTY_LOG else {}

    def sign_removal(self, last: Place) -> dict[str, Any]:
        """Details that account for the removal of all events up to this one."""
        signature = self.signer.sign_removal(last.seq, last.hash)
        return {REMOVED_TO: last.seq, REMOVED_HASH: last.hash, SIGNATURE: signature}

    def _check_file(self) -> AnchorState:
        line = self.file.read()
        if line is None:
            if not self._was_told():
                return AnchorState.NONE_YET
            line = self.file.read()  # another process may have written both meanwhile
        return AnchorState.MISSING if line is None else self.judge(line)

    def judge(self, line: str) -> AnchorState:
        """What an anchor says about the log, also one that was shipped. Raises StoreUnavailable."""
        anchor = parse_anchor(line)
        if anchor is None:
            return AnchorState.FORGED
        is_own = self.signer.is_own(anchor)
        if is_own and not self.signer.is_signed(anchor):
            return AnchorState.FORGED
        if not self._is_in_log(anchor):
            return AnchorState.CUT
        if is_own:
            return AnchorState.HOLDS
        return AnchorState.OTHER_KEY if self.is_key_lasting else AnchorState.UNPROVEN

    def renew(self) -> None:
        """Write one for the end of the log as it is now, unless the log does not hold to the last
        one: that stays as evidence until somebody accepts the log. Raises nothing.
        """
        try:
            with self.file.locked():
                self._renew()
        except StoreUnavailable as error:
            log.error("no anchor was written: %s", error.message)  # noqa: TRY400 - no more is known

    def replace(self) -> None:
        """Write one whatever the last one says, and whatever this process has met of the log.

        Raises StoreUnavailable.
        """
        self.store.forget_end()
        with self.file.locked():
            self._write()

    def list_faults(self) -> list[str]:
        """What is wrong, in words. Raises StoreUnavailable."""
        state = self.check()
        return [WORDS[state]] if state.is_fault else []

    def _renew(self) -> None:
        if (state := self.check()).is_fault:
            log.error("the anchor stays as it is: %s", WORDS[state])
        else:
            self._write()

    def _write(self) -> None:
        last = self.store.find_last() or EMPTY_LOG
        self.file.write(str(self.signer.sign(last.seq, last.hash)))

    def _was_told(self) -> bool:
        """Whether the log tells of an anchor in this place, on this machine: each has its own."""
        return self.store.tells_of_start(platform.node(), {ANCHOR_FILE: str(self.file.path)})

    def _is_in_log(self, anchor: Anchor) -> bool:
        if anchor.seq == EMPTY_LOG.seq:
            return True
        found = self.store.find_hash(anchor.seq)
        if found is not None:
            return found == anchor.hash
        # An old one may have been pruned, also by another process, of which this anchor is not.
        start = self.store.find_start()
        return start is not None and start.seq >= anchor.seq and self._is_start_proven()

    def _is_start_proven(self) -> bool:
        """Whether the log begins with its first event, or the newest record of a removal ends where
        it begins and is signed with the portal's key."""
        start = self.store.find_start()
        if start is None or start == EMPTY_LOG or start in self._proven:
            return True
        told = self.store.find_removal()
        is_proven = (told.get(REMOVED_TO), told.get(REMOVED_HASH)) == (start.seq, start.hash)
        if self.is_key_lasting:
            is_proven &= self.signer.is_removal_signed(start.seq, start.hash, told.get(SIGNATURE))
        if is_proven:
            self._proven.add(start)
        return is_proven
