"""Whether the chain of the audit log is whole, judged from what is stored and nothing else."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.audit.events import GENESIS_HASH, EventKind, columns_of, entry_hash

REMOVED_TO, REMOVED_HASH, SIGNATURE = "removed_to", "removed_hash", "signature"
"""Details of the event that a removal writes: the last number that it took out, its hash, and the
proof that the portal did it, which is judged where the portal's key is."""

TEXTS = ("time", "kind", "action", "result", "error")
OBJECTS = ("actor", "source", "object", "app", "details")
"""What every event has, whatever it tells."""


def parse_event(text: str) -> dict[str, Any]:
    """The fields of an event. Raises ValueError for a text that is none of ours."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("an event is not nested so deeply") from None
    if not isinstance(found, dict):
        raise ValueError("an event is an object")  # noqa: TRY004 - read as data
    has_texts = all(isinstance(found.get(name), str) for name in TEXTS)
    if not has_texts or not all(isinstance(found.get(name), dict) for name in OBJECTS):
        raise ValueError("an event has all of its parts")
    datetime.fromisoformat(found["time"])
    return found


@dataclass(frozen=True)
class ChainEntry:
    """One event as it is stored. `columns` is what stands beside its text."""

    seq: int
    prev_hash: str
    hash: str
    text: str
    columns: Mapping[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """The event's fields. Raises ValueError if the text is none of ours."""
        return parse_event(self.text)


@dataclass(frozen=True)
class Unreadable:
    """One event whose row cannot even be read."""

    seq: int


@dataclass(frozen=True)
class Break:
    """The first entry that does not hold: its number, and what is wrong with it."""

    seq: int
    words: str


@dataclass(frozen=True)
class Report:
    """What a look at the whole chain found. `last_seq` 0: there is no event at all."""

    count: int = 0
    last_seq: int = 0
    last_hash: str = GENESIS_HASH
    broken: Break | None = None


def check_chain(entries: Iterable[ChainEntry | Unreadable]) -> Report:
    """Follow the chain from its first number on; stops at the first entry that does not hold."""
    count, seq, hash_, opening = 0, 0, GENESIS_HASH, ""
    first: int | None = None
    for entry in entries:
        if first is None:
            first, opening = entry.seq, entry.prev_hash if isinstance(entry, ChainEntry) else ""
            seq, hash_ = (entry.seq - 1, opening) if entry.seq > 1 else (0, GENESIS_HASH)
        words = _fault_of(entry, seq + 1, hash_)
        if words or isinstance(entry, Unreadable):
            number = min(entry.seq, seq + 1)
            return Report(count, seq, hash_, Break(number, words))
        count, seq, hash_ = count + 1, entry.seq, entry.hash
        if first > 1 and _tells_of(entry, first - 1, opening):
            first = 1
    if first is not None and first > 1:
        words = "the events before it are gone, and no event tells that they were removed"
        return Report(count, seq, hash_, Break(first, words))
    return Report(count, seq, hash_)


def _fault_of(entry: ChainEntry | Unreadable, seq: int, hash_: str) -> str:
    if entry.seq != seq:
        return f"there is no event of this number; the next is {entry.seq}"
    if isinstance(entry, Unreadable):
        return "its row cannot be read"
    if entry.prev_hash != hash_:
        return "it does not follow the event before it"
    if entry.hash != entry_hash(entry.seq, entry.prev_hash, entry.text):
        return "its text or its hash was changed"
    return _fault_of_columns(entry)


def _fault_of_columns(entry: ChainEntry) -> str:
    try:
        expected = columns_of(entry.values)
    except (ValueError, KeyError, TypeError):
        return "its text is no event"
    wrong = [name for name, value in expected.items() if entry.columns[name] != value]
    return f"its column {wrong[0]} does not say what its text says" if wrong else ""


def _tells_of(entry: ChainEntry, seq: int, hash_: str) -> bool:
    """Whether the event is the record of a removal that ended with this entry."""
    values = entry.values
    details = values["details"]
    if values["kind"] != EventKind.SENSITIVE_DELETE:
        return False
    return (details.get(REMOVED_TO), details.get(REMOVED_HASH)) == (seq, hash_)
