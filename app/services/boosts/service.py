"""Looking at boosts, and extending, ending and taking them over."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.access.permissions import Identity, Permission
from app.domain.audit.events import AuditTarget
from app.domain.boosts.boost import FAILING_TRIES, NOT_BEGUN, Boost, BoostState
from app.domain.boosts.request import check_extension, parse_end
from app.domain.changes.change import ChangeState
from app.domain.changes.rules import check_request
from app.domain.changes.scaling_request import request_for
from app.domain.groups.cost import Price
from app.domain.groups.group import may_resize
from app.domain.groups.limits import Limits
from app.domain.spend.budget import find_spent
from app.errors import BrokenRules, NotPossible, PortalError
from app.services.access.control import Access
from app.services.boosts.events import BoostEvents
from app.services.boosts.reverts import BoostReverts
from app.services.spend.budgets import Budgets
from app.store.boosts import BoostStore

MOST_LISTED = 20


@dataclass(frozen=True)
class Boosts:
    """The use cases of a boost that was confirmed. Every method raises NotFound, StoreUnavailable.

    Whoever sees a group sees its boosts.
    """

    access: Access
    boosts: BoostStore
    reverts: BoostReverts
    events: BoostEvents
    budgets: Budgets
    now: Callable[[], datetime]

    def get(self, identity: Identity, service_id: str, reference: str) -> Boost:
        """One boost of a group; one that is not confirmed is its author's draft, and not here."""
        self.access.check_permission(identity, service_id, Permission.VIEW)
        boost = self.boosts.find(reference)
        is_draft = boost is not None and boost.change.state is ChangeState.DRAFT
        if boost is None or is_draft or boost.service_id != service_id:
            raise self.access.refuse_unknown(identity, AuditTarget(service_id, reference=reference))
        return boost

    def list_latest(self, identity: Identity, service_id: str) -> Sequence[Boost]:
        """The latest boosts of a group, newest first."""
        self.access.check_permission(identity, service_id, Permission.VIEW)
        return self.boosts.list_latest(service_id, most=MOST_LISTED)

    def find_current(self, identity: Identity, service_id: str) -> Boost | None:
        """The boost of a group that has not ended."""
        self.access.check_permission(identity, service_id, Permission.VIEW)
        return newest_begun(self.boosts.list_open_of(service_id)).get(service_id)

    def map_current(self, identity: Identity) -> dict[str, Boost]:
        """Those of all groups that the person sees, by group."""
        found = newest_begun(self.boosts.list_open())
        return {
            key: boost
            for key, boost in found.items()
            if self.access.has_permission(identity, key, Permission.VIEW)
        }

    def find_price(self, identity: Identity, service_id: str) -> Price | None:
        """What a group's size costs, for whoever sees it; None where the owners say nothing."""
        definition = self.access.check_permission(identity, service_id, Permission.VIEW)
        return definition.limits.price

    def extend(
        self, identity: Identity, service_id: str, reference: str, values: Mapping[str, Any]
    ) -> Boost:
        """Let it last longer, counted from now; never shorter.

        Raises NotAllowed, ChangesFrozen, BrokenRules, NotPossible once its end has come.
        """
        boost = self.get(identity, service_id, reference)
        about = self.events.changes.about(service_id, reference)
        with self.events.changes.audit.recording_rejections(identity, "boost_extend", about):
            self.access.check_action(identity, service_id, Permission.BOOST)
            now = self.now()
            wanted = parse_end(values).end(now)
            problems = check_extension(wanted, boost, now)
            if problems or wanted is None:
                raise BrokenRules(problems)
        ends_at = max(boost.ends_at, wanted)
        event = self.events.extended(identity, boost, ends_at.isoformat())
        if not self.boosts.extend(reference, ends_at, now, event):
            raise _over()
        return self.get(identity, service_id, reference)

    def end(self, identity: Identity, service_id: str, reference: str) -> Boost:
        """Go back now. Done already, it is as it is: asking twice is no fault. Raises NotAllowed.

        A freeze does not stop it: going back saves money.
        """
        boost = self.get(identity, service_id, reference)
        self._check_may_resize(identity, service_id)
        event = self.events.ended_early(identity, boost)
        if self.boosts.end_now(reference, identity.user, self.now(), event):
            ended = self.get(identity, service_id, reference)
            with suppress(PortalError):  # then the worker does it, seconds later
                self.reverts.advance(ended)
        return self.get(identity, service_id, reference)

    def end_spent(self) -> None:
        """Let the end of every boost come now whose group has used up its budget. Raises LeaseLost
        too: a job of the worker, and another one goes back."""
        spent = {key: find_spent(uses) for key, uses in self.budgets.map_all().items()}
        for boost in self.boosts.list_open():
            use = spent.get(boost.service_id)
            if use and boost.ends_at > self.now() and boost.change.state not in NOT_BEGUN:
                event = self.events.ended_by_budget(boost, use)
                self.boosts.end_now(boost.reference, "", self.now(), event)

    def take_over(self, identity: Identity, service_id: str, reference: str) -> Boost:
        """Keep the size, or go back by hand: the portal does nothing any more.

        Raises NotAllowed, ChangesFrozen, NotPossible once it is over, BrokenRules where a budget
        or the limits of a lasting size forbid this one. Attempts to go back that failed lift the
        limits, but no budget; waiting to go back lifts nothing.
        """
        boost = self.get(identity, service_id, reference)
        definition = self.access.check_action(identity, service_id, Permission.SCALE)
        about = self.events.changes.about(service_id, reference)
        with self.events.changes.audit.recording_rejections(identity, "boost_take_over", about):
            self._check_may_last(boost, definition.limits)
        self.reverts.list_in_force(service_id)  # no earlier one goes back once this is closed
        event = self.events.closed(boost, BoostState.TAKEN_OVER, "", identity)
        if not self.boosts.take_over(reference, identity.user, self.now(), event):
            raise _over()
        return self.get(identity, service_id, reference)

    def _check_may_last(self, boost: Boost, limits: Limits) -> None:
        problems = self.budgets.check_growth(boost.service_id, boost.before, boost.asked)
        if boost.tries < FAILING_TRIES:
            request = request_for(boost.asked, reason=boost.change.reason)
            problems = (*check_request(request, boost.before, limits), *problems)
        if problems:
            raise BrokenRules(problems)

    def _check_may_resize(self, identity: Identity, service_id: str) -> None:
        definition = self.access.check_permission(identity, service_id, Permission.VIEW)
        if not may_resize(definition.permissions_of(identity)):
            self.access.check_permission(identity, service_id, Permission.BOOST)


def newest_begun(open_boosts: Sequence[Boost]) -> dict[str, Boost]:
    """The last one of each group, out of boosts in the order in which they were confirmed."""
    begun = (boost for boost in open_boosts if boost.change.state not in NOT_BEGUN)
    return {boost.service_id: boost for boost in begun}


def _over() -> NotPossible:
    return NotPossible(
        message="This boost is over, or about to be.",
        remedy="Ask for another one if the group is to be larger again.",
    )
