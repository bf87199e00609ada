"""Asking for another size: what was typed or sent becomes the draft of a change."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity, Permission
from app.domain.boosts.boost import BoostTerms
from app.domain.boosts.request import END_FIELD, END_FIELDS, BoostRequest
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.rules import in_order, usable_request
from app.domain.changes.scaling_request import ScalingRequest, parse_as
from app.domain.groups.scaling import ScalingConfig, patch_between
from app.errors import BrokenRules, CloudError, NotPossible, Problem
from app.services.access.control import Access
from app.services.changes.boost_rules import BoostRules
from app.services.changes.events import ChangeEvents
from app.services.changes.ledger import Ledger
from app.services.changes.preconditions import GroupChanged, scalable_config
from app.services.changes.rules import ScalingRules
from app.services.changes.settling import check_changed, check_nothing_to_do
from app.store.changes import ChangeStore

Values = Mapping[str, Any]
"""What was typed or sent, under the names of the request."""

Kind = type[ScalingRequest] | type[BoostRequest]
"""A size that lasts, or one that ends by itself."""


@dataclass(frozen=True)
class Proposal:
    """What was asked for as a draft, with the terms of a boost; None for a size that lasts."""

    draft: Change
    terms: BoostTerms | None = None


@dataclass(frozen=True)
class ScalingProposals:
    """The use case of proposing a size. Each method records what it refuses, and raises
    NotFound, NotAllowed, ChangesFrozen, NotPossible, ChangeInFlight, ConfigurationChanged,
    BrokenRules, CloudError, StoreUnavailable.
    """

    access: Access
    ledger: Ledger
    snapshot: Snapshot
    rules: ScalingRules
    boosts: BoostRules
    changes: ChangeStore
    events: ChangeEvents
    now: Callable[[], datetime]

    def propose(
        self,
        identity: Identity,
        service_id: str,
        values: Values,
        kind: Kind = ScalingRequest,
        *,
        required: Sequence[str] = (),
        drawn_from: str | None = None,
    ) -> Change | None:
        """Record a draft of what was asked; None if it is what is configured already.

        `kind` says whether the size lasts or ends by itself. `required` are the fields that the
        form insists on. `drawn_from` is the fingerprint of the configuration that the person saw;
        without it the one configured now counts.
        """
        request = self.parse(identity, service_id, values, kind, required=required)
        return self.propose_request(identity, service_id, request, drawn_from=drawn_from)

    def propose_request(
        self,
        identity: Identity,
        service_id: str,
        request: ScalingRequest,
        *,
        drawn_from: str | None = None,
    ) -> Change | None:
        """The same for a request that was parsed already."""
        proposal = self._draft(identity, service_id, request, drawn_from)
        draft = proposal.draft
        if not draft.patch:
            return None
        event = self.events.drafted(identity, draft)
        return self.changes.create_draft(draft, event, proposal.terms)

    def preview(
        self,
        identity: Identity,
        service_id: str,
        values: Values,
        kind: Kind = ScalingRequest,
        *,
        problems: tuple[Problem, ...] = (),
    ) -> Proposal | None:
        """The draft that `propose` would record, with the terms of a boost; nobody can confirm it.
        None if it is what is configured already."""
        request = self.parse(identity, service_id, values, kind, problems=problems)
        proposal = self._draft(identity, service_id, request, None)
        return proposal if proposal.draft.patch else None

    def parse(
        self,
        identity: Identity,
        service_id: str,
        values: Values,
        kind: Kind = ScalingRequest,
        *,
        required: Sequence[str] = (),
        problems: tuple[Problem, ...] = (),
    ) -> ScalingRequest:
        """The request. Raises BrokenRules with what is wrong by itself and in this group.

        `problems` is what whoever took the values in has found wrong besides.
        """
        with self.events.audit.recording_rejections(
            identity, "draft", self.events.about(service_id)
        ):
            try:
                request, found = parse_as(kind, values, required=required), problems
            except BrokenRules as broken:
                request, found = None, (*broken.problems, *problems)
            if request is None or found:
                needed = permission_for(kind)
                self.access.check_permission(identity, service_id, needed)
                rules = self._list_rules_of_group(identity, service_id, values, kind, found)
                raise BrokenRules(in_order((*found, *rules)))
        return request

    def _list_rules_of_group(
        self,
        identity: Identity,
        service_id: str,
        values: Values,
        kind: Kind,
        problems: tuple[Problem, ...],
    ) -> tuple[Problem, ...]:
        """What is wrong with the usable fields in this group as last seen, as far as that can be
        told: the person corrects everything at once."""
        service = self.snapshot.view().services.get(service_id)
        if service is None or service.scaling_obstacle or service.configured is None:
            return ()
        request = usable_request(kind, values, problems, service.configured)
        if request is None:
            return ()
        draft = self._change(identity, service_id, request, service.configured)
        faulty = {END_FIELD if it.field in END_FIELDS else it.field for it in problems}
        with suppress(NotPossible, CloudError):
            more, _ = self._check_duration(draft, request, service.configured)
            return self.rules.list_all_broken(draft, request, more, faulty)
        return ()

    def _draft(
        self,
        identity: Identity,
        service_id: str,
        request: ScalingRequest,
        drawn_from: str | None,
    ) -> Proposal:
        """What was asked for as a draft, with the terms of a boost; nothing travels if its patch is
        empty."""
        about = self.events.about(service_id)
        requested = request.model_dump(mode="json", exclude_none=True)  # moments as text
        with self.events.audit.recording_rejections(identity, "draft", about, requested):
            self.access.check_action(identity, service_id, permission_for(type(request)))
            self.ledger.check_nothing_in_flight(identity, service_id)
            service = self.snapshot.get_service(service_id)
            current = scalable_config(service)
            if drawn_from not in {None, current.fingerprint}:
                check_changed(self.changes, service_id, current, self.now())
                seen = ScalingConfig.from_fingerprint(drawn_from or "") or current
                raise GroupChanged(request.applied_to(seen), current)
            draft = self._change(identity, service_id, request, current)
            if not draft.patch:
                check_nothing_to_do(self.changes, draft, self.now())
            if isinstance(request, BoostRequest):
                self.boosts.check_possible(service)
            more, terms = self._check_duration(draft, request, current)
            self.rules.check(draft, request, more)
        return Proposal(draft, terms)

    def _check_duration(
        self, draft: Change, request: ScalingRequest, current: ScalingConfig
    ) -> tuple[tuple[Problem, ...], BoostTerms | None]:
        """What is wrong with a size because it lasts, or because it does not; with the terms of a
        boost. By the rules of this moment: limits may go by tags, which were just read."""
        definition = self.rules.get_definition(draft.service_id)
        if not isinstance(request, BoostRequest):
            return self.boosts.check_lasting(draft, definition.limits), None
        terms = self.boosts.terms_of(current, definition)
        return self.boosts.check(draft, request, terms, definition), terms

    def _change(
        self, identity: Identity, service_id: str, request: ScalingRequest, current: ScalingConfig
    ) -> Change:
        target, now = request.applied_to(current), self.now()
        return Change(
            reference="",
            action=Action.SCALE,
            service_id=service_id,
            warehouse=identity.warehouse,
            user=identity.user,
            state=ChangeState.DRAFT,
            patch={**patch_between(current, target)},
            created_at=now,
            before=current,
            target=target,
            reason=request.reason,
            # One whose end is missing is refused, and judged as a boost all the same.
            boost_until=(request.end(now) or now) if isinstance(request, BoostRequest) else None,
        )


def permission_for(kind: Kind) -> Permission:
    """What somebody needs to ask for it."""
    return Permission.BOOST if issubclass(kind, BoostRequest) else Permission.SCALE
