"""Going back when a boost is over: what ought to be is worked out anew at every round, so that
nothing has to be remembered between them, and a round that was missed is never made up for."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot, View
from app.deadlines import remaining_seconds
from app.domain.boosts.boost import GONE_BACK, NOT_BEGUN, Boost, BoostState
from app.domain.boosts.wording import describe_leftovers
from app.domain.changes.change import GONE, NOT_DONE, Change, ChangeOrigin, ChangeState
from app.domain.clock import is_ahead
from app.domain.groups.scaling import ScalingConfig
from app.domain.retries import pause_after
from app.errors import (
    ChangeConflict,
    ChangesFrozen,
    CloudError,
    CloudNotAsked,
    DraftUnusable,
    LeaseLost,
    OutcomeNotRecorded,
    PortalError,
    StoreUnavailable,
)
from app.services.access.control import ChangeFreeze
from app.services.boosts.events import BoostEvents
from app.services.changes.orders import SENDING_SECONDS, Order, OrderedChanges
from app.services.changes.preconditions import Preconditions
from app.store.boosts import BoostStore
from app.store.changes import ChangeStore

CLOUD_UNREAD = "ClickHouse Cloud cannot be read at the moment."

log = logging.getLogger("portal.boosts")


@dataclass(frozen=True)
class BoostReverts:
    """Ends boosts. Every method raises StoreUnavailable, and LeaseLost in a job.

    `freeze` is given where a freeze of changes stops going back too; None: going back goes on.
    """

    boosts: BoostStore
    changes: ChangeStore
    snapshot: Snapshot
    client: CloudClient
    orders: OrderedChanges
    preconditions: Preconditions
    events: BoostEvents
    now: Callable[[], datetime]
    freeze: ChangeFreeze | None = None

    def advance_all(self) -> None:
        """Take every open boost as far as it can be taken now; none keeps the others waiting."""
        for boost in self._supersede(self.boosts.list_open()):
            if (
                remaining_seconds() < SENDING_SECONDS
            ):  # the others have their turn in the next round
                return
            try:
                self._advance(boost)
            except (StoreUnavailable, LeaseLost):
                raise
            except Exception:
                log.exception("the boost %s could not be looked after", boost.reference)

    def advance(self, boost: Boost) -> None:
        """The same for one, at once."""
        for known in self.list_in_force(boost.service_id):
            if known.reference == boost.reference:
                self._advance(known)

    def list_in_force(self, service_id: str) -> Sequence[Boost]:
        """The open boosts of a group, without those whose place a later one has taken, which are
        closed now: the end of an earlier one must take nothing from the later."""
        return self._supersede(self.boosts.list_open_of(service_id))

    def _advance(self, boost: Boost) -> None:
        """Go back if its end has come, and close it once nothing is left to be done."""
        if boost.change.is_in_flight:
            return self._check_alarm(boost)
        if boost.change.state in NOT_BEGUN:
            note = boost.change.settled_note or "Its first change was not carried out."
            return self._close(boost, BoostState.NOT_STARTED, note)
        if boost.revert and boost.revert.state in GONE_BACK:
            return self._close_compared(boost, boost.revert.before)
        if boost.is_due(self.now()):
            self._go_back(boost)
            self._check_alarm(boost)
        return None

    def _supersede(self, open_boosts: Sequence[Boost]) -> list[Boost]:
        """Close those of which a later one of the same group has taken the place; the others."""
        begun = [it for it in open_boosts if it.change.state not in NOT_BEGUN]
        # What was sent at a moment still to come was sent before the clock was set back.
        begun.sort(key=lambda it: not is_ahead(it.began_at, self.now()))
        newest = {it.service_id: it for it in begun if not it.change.is_in_flight}
        left = []
        for boost in open_boosts:
            later = newest.get(boost.service_id, boost)
            if later is boost or boost not in begun or boost.change.is_in_flight:
                left.append(boost)
            else:
                note = f"Boost {later.reference} took its place."
                self._close(boost, BoostState.SUPERSEDED, note)
        return left

    def _go_back(self, boost: Boost) -> None:
        if not boost.may_try(self.now()) or self.changes.find_in_flight(boost.service_id):
            return None
        if self.freeze and (frozen := self.freeze.find_reason(boost.service_id)):
            return self._wait(boost, frozen)
        view = self.snapshot.view()
        if not view.freshness(self.now()).is_recent:
            return self._wait(boost, CLOUD_UNREAD)
        service = view.services.get(boost.service_id)
        if service is None:
            self._close_gone(boost, view)
        elif service.scaling_obstacle:
            self._wait(boost, service.scaling_obstacle)
        elif service.configured and not self._is_settling(boost, service.configured):
            self._send(boost, service.configured)
        return None

    def _is_settling(self, boost: Boost, shown: ScalingConfig) -> bool:
        return self.orders.is_settling(boost.service_id, shown)

    def _wait(self, boost: Boost, why: str) -> None:
        """Nothing is tried now, and that is no failed attempt; the alarm comes by time."""
        if boost.note != why:
            self.boosts.note_waiting(boost.reference, why, self.events.waiting(boost, why))

    def _send(self, boost: Boost, current: ScalingConfig) -> None:
        target = boost.gone_back(current)
        if target == current:
            return self._close_unsent(boost)
        try:
            change = self.orders.send(
                _order_of(boost), current, target, lambda it: self._check_now(boost, it)
            )
        except (ChangeConflict, ChangesFrozen, CloudNotAsked, OutcomeNotRecorded) as error:
            # Frozen meanwhile, somebody was faster, nothing could be asked, or what came of it is
            # found out by reading: the next round looks again.
            log.info("the boost %s waits: %s", boost.reference, error.message)
        except (StoreUnavailable, LeaseLost):
            raise
        except PortalError as error:
            if not (isinstance(error, CloudError) and error.is_cut_short):
                self._note_failure(boost, error.message)
        else:
            self._take_outcome(boost, change)
        return None

    def _check_now(self, boost: Boost, change: Change) -> bool:
        """Between claim and call nobody else can begin: what was done before that shows."""
        in_force = {it.reference: it for it in self.list_in_force(boost.service_id)}
        known = in_force.get(boost.reference)
        is_done = known is None or not known.is_due(self.now())
        if is_done or (known and known.revert and _is_done_by_another(known.revert, change)):
            raise DraftUnusable(message="This boost has ended already.", remedy="")
        is_needed = self.preconditions.check_going_back(change)
        shown = change.before if is_needed else change.target
        if shown and self._is_settling(boost, shown):
            # It is as before, or Cloud does not show yet what it has accepted: nobody can tell.
            raise DraftUnusable(message="The last change may not show yet.", remedy="")
        if self.freeze:
            self.freeze.check_not_frozen(boost.service_id)
        return is_needed

    def _take_outcome(self, boost: Boost, change: Change) -> None:
        if change.state in GONE_BACK:
            self._close_compared(boost, change.before)
        elif change.state in NOT_DONE:
            self._note_failure(boost, change.settled_note)

    def _close_unsent(self, boost: Boost) -> None:
        """Nothing is left to go back from, if Cloud says so at this very moment."""
        try:
            service = self.client.get_service(boost.service_id)
        except CloudError as error:
            log.info("the boost %s waits: %s", boost.reference, error.message)
            return
        self.snapshot.put(service)
        found = service.configured
        is_told = found is not None and not self._is_settling(boost, found)
        if found and is_told and boost.gone_back(found) == found:
            self._close_compared(boost, found)

    def _close_compared(self, boost: Boost, found: ScalingConfig | None) -> None:
        left = boost.leftovers(found) if found else ()
        if left:
            note = describe_leftovers(left, self._find_other(boost))
            self._close(boost, BoostState.LEFT_AS_FOUND, note)
        else:
            self._close(boost, BoostState.ENDED_EARLY if boost.ended_by else BoostState.ENDED)

    def _find_other(self, boost: Boost) -> Change | None:
        """The last change of size by a person since the boost."""
        since = boost.began_at
        found = [
            it
            for it in self.changes.list_since(boost.service_id, since)
            if it.target and it.state is ChangeState.APPLIED and it.origin is not ChangeOrigin.BOOST
        ]
        return max(found, key=lambda it: it.sent_at or since, default=None)

    def _close_gone(self, boost: Boost, view: View) -> None:
        if view.is_gone(boost.service_id):
            self._close(boost, BoostState.LEFT_AS_FOUND, GONE)

    def _close(self, boost: Boost, outcome: BoostState, note: str = "") -> None:
        event = self.events.closed(boost, outcome, note)
        self.boosts.close(boost.reference, outcome, self.now(), event, note=note)

    def _note_failure(self, boost: Boost, note: str) -> None:
        tries = boost.tries + 1
        event = self.events.failed(boost, tries, note)
        again_at = self.now() + pause_after(tries)
        self.boosts.note_failure(boost.reference, tries, again_at, note, event)

    def _check_alarm(self, boost: Boost) -> None:
        if boost.is_failing(self.now()) and boost.alarmed_at is None:
            self.boosts.raise_alarm(boost.reference, self.now(), self.events.alarmed(boost))


def _is_done_by_another(revert: Change, change: Change) -> bool:
    return revert.reference != change.reference and revert.state in GONE_BACK


def _order_of(boost: Boost) -> Order:
    change = boost.change
    return Order(
        origin=ChangeOrigin.BOOST,
        reference=boost.reference,
        service_id=boost.service_id,
        warehouse=change.warehouse,
        user=change.user,
        reason=f"End of boost {boost.reference}",
    )
