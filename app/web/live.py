"""Parts of pages that change by themselves: drawn once for each edition, and sent only when they
are new.

An open page brings the edition that it shows. While that is the current one the answer is empty;
otherwise it is the part, or of it what differs. Nothing of one person is in a part: what is kept
here goes to everybody whose edition is the same.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from flask import Response, make_response, request
from markupsafe import Markup

from app.services.groups.editions import Edition

EDITION = "X-Edition"
AGE = "X-Age-Seconds"
"""How old what Cloud said is: the browser counts on."""

CHANGED = "X-Changed"
MOST_CHARACTERS = 2_000_000
"""Of all kept parts together: some dozens of large pages."""


class Part(Protocol):
    """What is drawn for an edition."""

    @property
    def size(self) -> int:
        """Its characters."""
        ...

    @property
    def html(self) -> str:
        """All of it."""
        ...

    def since(self, earlier: Self) -> str | None:
        """What differs from an earlier one; None if all of it has to be sent."""
        ...


@dataclass(frozen=True)
class WholePart:
    """A part of which nothing less than all is ever sent."""

    html: str

    @property
    def size(self) -> int:
        """Its characters."""
        return len(self.html)

    def since(self, earlier: Self) -> str | None:  # noqa: ARG002 - as other parts have it
        """All of it has to be sent."""
        return None


P = TypeVar("P", bound=Part)


class KeptParts(Generic[P]):
    """The parts drawn last, by edition. Thread-safe; those not asked for longest go first."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._most = most_characters
        self._parts: OrderedDict[str, P] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def find(self, mark: str) -> P | None:
        """The part of this edition, if it is still kept."""
        with self._lock:
            if mark in self._parts:
                self._parts.move_to_end(mark)
            return self._parts.get(mark)

    def keep(self, mark: str, part: P) -> P:
        """Keep it; what is kept, which is the earlier one of two that were drawn at once."""
        with self._lock:
            if mark in self._parts:
                return self._parts[mark]
            self._parts[mark] = part
            self._characters += part.size
            while self._characters > self._most:
                _, dropped = self._parts.popitem(last=False)
                self._characters -= dropped.size
        return part


def markup_of(part: Part) -> Markup:
    """The part for the template of the whole page."""
    return Markup(part.html)  # noqa: S704 - our own templates have drawn it, and escaped all in it


def is_current(edition: Edition) -> bool:
    """Whether the page that asks shows this edition already."""
    return request.headers.get(EDITION) == edition.mark


def answer_unchanged(edition: Edition) -> Response:
    """Nothing has changed but the moment at which Cloud was looked at."""
    return _with_edition(Response(status=204), edition)


def answer_changed(edition: Edition, part: P, parts: KeptParts[P]) -> Response:
    """The part, or what differs from the one that the page shows where that is still known."""
    earlier = parts.find(request.headers.get(EDITION, ""))
    changed = part.since(earlier) if earlier else None
    response = make_response(part.html if changed is None else changed)
    if changed is not None:
        response.headers[CHANGED] = "rows"
    return _with_edition(response, edition)


def answer_whole(edition: Edition, html: str) -> Response:
    """A part that is kept for nobody else."""
    return _with_edition(make_response(html), edition)


def _with_edition(response: Response, edition: Edition) -> Response:
    response.headers[EDITION] = edition.mark
    freshness = edition.freshness
    if freshness.age_seconds is not None and not freshness.error:
        response.headers[AGE] = str(round(freshness.age_seconds))
    return response
