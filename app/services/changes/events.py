"""The events of a change's life, each written in the transaction that takes it a step further."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.access.permissions import Identity
from app.domain.audit.events import NOBODY, AuditTarget, Event, EventKind, Result
from app.domain.changes.change import Change, ChangeState, Outcome, SettledBy
from app.domain.groups.cost import Price
from app.domain.groups.group import Service
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.errors import PortalError
from app.services.access.policy import Policy
from app.services.audit.recorder import AuditRecorder

RESULTS = {
    ChangeState.REJECTED: Result.FAIL,
    ChangeState.FAILED: Result.FAIL,
    ChangeState.UNKNOWN: Result.UNKNOWN,
}
"""How a change that was sent has ended; any other outcome is a success."""

LONGEST_NOTE = 500


@dataclass(frozen=True)
class CloudCall:
    """The one call of a change: Cloud's id of it, the answer's status if one came, the time."""

    request_id: str | None
    status: int | None
    milliseconds: int


@dataclass(frozen=True)
class ChangeEvents:
    """Builds them; writing is the store's."""

    audit: AuditRecorder
    policy: Policy

    def drafted(self, identity: Identity, draft: Change) -> Event:
        """A draft is drawn up."""
        return self._event(
            EventKind.SENSITIVE_CREATE,
            "draft",
            Result.SUCCESS,
            identity,
            draft,
            self._request_details(draft),
        )

    def claimed(self, identity: Identity, change: Change, *, is_proven: bool) -> Event:
        """A draft is confirmed and about to be sent."""
        details = self._request_details(change) | {"password_asked": is_proven}
        return self._event(
            EventKind.SENSITIVE_UPDATE, "confirm", Result.DEFER, identity, change, details
        )

    def released(self, identity: Identity, change: Change, error: PortalError) -> Event:
        """Nothing was sent, for this reason."""
        return self._event(
            EventKind.SENSITIVE_UPDATE,
            "not_sent",
            Result.FAIL,
            identity,
            change,
            {"act": change.action},
            error.code,
        )

    def unknown(self, identity: Identity, change: Change, note: str, call: CloudCall) -> Event:
        """The event of a change that was sent and whose outcome no answer tells."""
        details = {
            "act": change.action,
            "note": note[:LONGEST_NOTE],
            "cloud_request_id": call.request_id or "",
            **_answer(call),
        }
        return self._event(
            EventKind.SENSITIVE_UPDATE, "outcome", Result.UNKNOWN, identity, change, details
        )

    def settled(
        self,
        identity: Identity | None,
        change: Change,
        outcome: Outcome,
        service: Service | None,
        call: CloudCall | None = None,
    ) -> Event:
        """Its outcome is known; `service` is what Cloud shows then. By nobody: by reading back."""
        details = {
            **self._request_details(change),
            "after": _figures(service.configured if service else None),
            "state": outcome.state,
            "settled_by": outcome.settled_by,
            "note": outcome.note[:LONGEST_NOTE],
            "cloud_request_id": outcome.cloud_request_id or change.cloud_request_id or "",
            **_answer(call),
        }
        action = "close_manually" if outcome.settled_by is SettledBy.PERSON else "outcome"
        result = RESULTS.get(outcome.state, Result.SUCCESS)
        event = self._event(EventKind.SENSITIVE_UPDATE, action, result, identity, change, details)
        return event if identity else self.audit.as_system(event)

    def discarded(self, identity: Identity, change: Change) -> Event:
        """A draft that was not sent is taken out of the records."""
        return self._event(
            EventKind.SENSITIVE_DELETE,
            "discard",
            Result.SUCCESS,
            identity,
            change,
            {"act": change.action},
        )

    def about(self, service_id: str, reference: str = "") -> AuditTarget:
        """The group, and a change of it, by the names that people know."""
        definition = self.policy.catalog.find_group(service_id)
        return AuditTarget(service_id, definition.name if definition else "", reference)

    def _event(
        self,
        kind: EventKind,
        action: str,
        result: Result,
        identity: Identity | None,
        change: Change,
        details: Mapping[str, Any],
        error: str = "",
    ) -> Event:
        about = self.about(change.service_id, change.reference)
        return self.audit.event(
            kind,
            action,
            result,
            actor=identity or NOBODY,
            about=about,
            error=error,
            details=details,
        )

    def _request_details(self, change: Change) -> dict[str, Any]:
        definition = self.policy.catalog.find_group(change.service_id)
        return {
            "act": change.action,
            "reason": change.reason,
            "before": _figures(change.before),
            "requested": change.patch,
            "target": _figures(change.target),
            "diff": _diff(change.before, change.target),
            "cost_per_hour": _costs(change, definition.limits if definition else None),
            "until": change.boost_until.isoformat() if change.boost_until else "",
            "origin": change.origin,
            "order": change.order_reference,
        }


def _answer(call: CloudCall | None) -> dict[str, Any]:
    if call is None:
        return {}
    return {"cloud_status": call.status, "cloud_milliseconds": call.milliseconds}


def _figures(config: ScalingConfig | None) -> dict[str, Any] | None:
    return config.model_dump(mode="json") if config else None


def _diff(before: ScalingConfig | None, target: ScalingConfig | None) -> dict[str, list[Any]]:
    was, will = _figures(before) or {}, _figures(target) or {}
    return {
        name: [was[name], will[name]] for name in was if name in will and was[name] != will[name]
    }


def _costs(change: Change, limits: Limits | None) -> dict[str, Any] | None:
    """The least and the most before and after, where a price is set."""
    price, before, target = limits.price if limits else None, change.before, change.target
    if price is None or before is None or target is None:
        return None
    return {
        "currency": price.currency,
        "before": _span(price, before),
        "after": _span(price, target),
    }


def _span(price: Price, config: ScalingConfig) -> list[str]:
    return [str(price.per_hour(total)) for total in (config.min_total_gb, config.max_total_gb)]
