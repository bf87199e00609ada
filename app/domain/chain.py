"""Whether the chain of the audit trail is whole, judged from what is stored and nothing else."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.events import BEGINNING, EventKind, columns_of, link_hash

REMOVED_TO, REMOVED_HASH = "removed_to", "removed_hash"
"""Details of the event that a removal writes: the last number that it took out, and its hash."""


@dataclass(frozen=True)
class Link:
    """One event as it is stored. `columns` is what stands beside its text."""

    seq: int
    prev_hash: str
    hash: str
    text: str
    columns: Mapping[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """The event's fields. Raises ValueError if the text is none of ours."""
        found = json.loads(self.text)
        if not isinstance(found, dict):
            raise ValueError("an event is an object")  # noqa: TRY004 - read as data
        return found


@dataclass(frozen=True)
class Unreadable:
    """One event whose row cannot even be read."""

    seq: int


@dataclass(frozen=True)
class Break:
    """The first link that does not hold: its number, and what is wrong with it."""

    seq: int
    words: str


@dataclass(frozen=True)
class Report:
    """What a look at the whole chain found. `last_seq` 0: there is no event at all."""

    count: int = 0
    last_seq: int = 0
    last_hash: str = BEGINNING
    broken: Break | None = None


def check_chain(links: Iterable[Link | Unreadable]) -> Report:
    """Follow the chain from its first number on; stops at the first link that does not hold."""
    count, seq, hash_, opening = 0, 0, BEGINNING, ""
    first: int | None = None
    for link in links:
        if first is None:
            first, opening = link.seq, link.prev_hash if isinstance(link, Link) else ""
            seq, hash_ = (link.seq - 1, opening) if link.seq > 1 else (0, BEGINNING)
        words = _fault_of(link, seq + 1, hash_)
        if words or isinstance(link, Unreadable):
            number = min(link.seq, seq + 1)
            return Report(count, seq, hash_, Break(number, words))
        count, seq, hash_ = count + 1, link.seq, link.hash
        if first > 1 and _tells_of(link, first - 1, opening):
            first = 1
    if first is not None and first > 1:
        words = "the events before it are gone, and no event tells that they were removed"
        return Report(count, seq, hash_, Break(first, words))
    return Report(count, seq, hash_)


def _fault_of(link: Link | Unreadable, seq: int, hash_: str) -> str:
    if link.seq != seq:
        return f"there is no event of this number; the next is {link.seq}"
    if isinstance(link, Unreadable):
        return "its row cannot be read"
    if link.prev_hash != hash_:
        return "it does not follow the event before it"
    if link.hash != link_hash(link.seq, link.prev_hash, link.text):
        return "its text or its hash was changed"
    return _fault_of_columns(link)


def _fault_of_columns(link: Link) -> str:
    try:
        expected = columns_of(link.values)
    except (ValueError, KeyError, TypeError):
        return "its text is no event"
    wrong = [name for name, value in expected.items() if link.columns[name] != value]
    return f"its column {wrong[0]} does not say what its text says" if wrong else ""


def _tells_of(link: Link, seq: int, hash_: str) -> bool:
    """Whether the event is the record of a removal that ended with this link."""
    values = link.values
    details = values["details"]
    if values["kind"] != EventKind.SENSITIVE_DELETE:
        return False
    return (details.get(REMOVED_TO), details.get(REMOVED_HASH)) == (seq, hash_)
