"""Writing the audit log: who did what, from where, how it ended.

What belongs to a step of a change is written in the same transaction as the step, so that an
action which cannot be recorded does not happen. A refusal is recorded with best effort: it stays
a refusal even if that fails.
"""

import logging
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app import VERSION
from app.context import SYSTEM, current_context
from app.domain.access.permissions import Identity
from app.domain.audit.events import (
    NOBODY,
    Actor,
    App,
    AuditTarget,
    Channel,
    Event,
    EventKind,
    Origin,
    Result,
)
from app.errors import BrokenRules, ChangeConflict, Problem, StoreUnavailable
from app.services.audit.refusal_budget import RefusalBudget
from app.store.audit.log import EventStore

LONGEST_NAME = 256
METHODS = {Channel.PAGE: "session", Channel.API: "password", Channel.COMMAND: "command"}

NOTHING = AuditTarget()

log = logging.getLogger("portal.audit.faults")


@dataclass(frozen=True)
class AuditRecorder:
    """Builds events from what is known of the moment, and writes them."""

    store: EventStore
    now: Callable[[], datetime]
    app: App = field(default_factory=lambda: App(VERSION, platform.node()))
    _budget: RefusalBudget = field(default_factory=RefusalBudget)

    def event(
        self,
        kind: EventKind,
        action: str,
        result: Result,
        *,
        actor: Actor | Identity = NOBODY,
        about: AuditTarget = NOTHING,
        error: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> Event:
        """An event of this moment, from the origin of what is in progress."""
        origin = current_context().origin
        by = actor_of(actor, origin.channel) if isinstance(actor, Identity) else actor
        return Event(
            kind, self.now(), action, result, origin, by, about, error, self.app, details or {}
        )

    def as_system(self, event: Event) -> Event:
        """The same event with the portal itself as actor and origin, not the current request."""
        return replace(event, origin=SYSTEM, actor=NOBODY)

    def record(self, event: Event) -> None:
        """Write an event by itself, before the action. Raises StoreUnavailable: then do not act."""
        self.store.record(event)

    def record_best_effort(self, event: Event) -> None:
        """Write a refusal, or anything that happens anyway. Raises nothing."""
        is_kept = self._budget.admit(event)
        self.record_not_kept()
        if is_kept:
            self._try(event)

    def record_not_kept(self, *, is_final: bool = False) -> None:
        """Tell how many refusals were not kept in the minutes that are over, one event for each
        kind; at the very end also those of this minute. Raises nothing.
        """
        for kind, count in sorted(self._budget.take_not_kept(is_final=is_final).items()):
            words = f"{count} further refusals of this kind were not kept"
            log.warning("too many refusals: %d of the kind %s were not kept", count, kind)
            details = {"not_kept": count, "note": words}
            summary = self.event(kind, "not_kept", Result.FAIL, details=details)
            self._try(self.as_system(summary))

    def _try(self, event: Event) -> None:
        try:
            self.store.record(event)
        except StoreUnavailable:
            log.error("an event of the kind %s could not be kept", event.kind)  # noqa: TRY400 - no more is known

    @contextmanager
    def recording_rejections(
        self,
        identity: Identity,
        action: str,
        about: AuditTarget,
        requested: Mapping[str, Any] | None = None,
    ) -> Iterator[None]:
        """Note what is refused inside for its rules or its order; the refusal goes on."""
        try:
            yield
        except BrokenRules as broken:
            details: dict[str, Any] = {"problems": _codes(broken.problems)}
            if requested is not None:
                details["requested"] = dict(requested)
            kind = EventKind.INPUT_VALIDATION_FAIL
            self._refuse(kind, action, identity, about, broken.code, details)
            raise
        except ChangeConflict as conflict:
            self._refuse(EventKind.SEQUENCE_FAIL, action, identity, about, conflict.code, {})
            raise

    def _refuse(
        self,
        kind: EventKind,
        action: str,
        identity: Identity,
        about: AuditTarget,
        error: str,
        details: Mapping[str, Any],
    ) -> None:
        refusal = self.event(
            kind, action, Result.FAIL, actor=identity, about=about, error=error, details=details
        )
        self.record_best_effort(refusal)


def actor_of(identity: Identity, channel: Channel) -> Actor:
    """A proven user as the audit log names them; administrators belong to no warehouse."""
    if not identity.warehouse:
        return Actor("", identity.user, "administrator")
    method = "token" if identity.scope else METHODS.get(channel, "")
    return Actor(identity.warehouse, identity.user, method, tuple(sorted(identity.roles)))


def claimed(warehouse: str, user: str) -> Actor:
    """Somebody who says who they are, before that is proven."""
    return Actor(warehouse[:64], user[:LONGEST_NAME], "password")


def bounded_origin(origin: Origin) -> Origin:
    """The origin with nothing longer than a record can hold."""
    cut = {
        name: value[:LONGEST_NAME] for name, value in origin.__dict__.items() if name != "channel"
    }
    return Origin(origin.channel, **cut)


def _codes(problems: tuple[Problem, ...]) -> list[str]:
    # A field that no form has could be named after anything, so its name is left out.
    return sorted(
        f"{'' if item.code == 'unknown_field' else item.field}:{item.code}" for item in problems
    )
