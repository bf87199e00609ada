"""Keeping an anchor of the audit log beside the database, to ask whether the log is whole."""

import logging
from dataclasses import dataclass

from app.domain.audit.anchor import WORDS, Anchor, AnchorSigner, AnchorState, parse_anchor
from app.errors import StoreUnavailable
from app.store.anchor_file import AnchorFile
from app.store.audit import EventStore

log = logging.getLogger("portal.audit.anchor")


@dataclass(frozen=True)
class Anchors:
    """The one anchor on file. It is written at every start and stop, and now and then.

    Where the log ends is read under the file's lock: of several processes the one that writes last
    has also read last, so the anchor never goes back.
    """

    store: EventStore
    file: AnchorFile
    signer: AnchorSigner

    def check(self) -> AnchorState:
        """What the anchor on file says about the log. Raises StoreUnavailable."""
        line = self.file.read()
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
        return AnchorState.HOLDS if is_own else AnchorState.OTHER_KEY

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
        """Write one whatever the last one says. Raises StoreUnavailable."""
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
        if last := self.store.find_last():
            self.file.write(str(self.signer.sign(last.seq, last.hash)))

    def _is_in_log(self, anchor: Anchor) -> bool:
        found = self.store.find_hash(anchor.seq)
        if found is not None:
            return found == anchor.hash
        # An old one may have been pruned; whether that is told, the chain says.
        first = self.store.find_first_seq()
        return first is not None and first > anchor.seq
