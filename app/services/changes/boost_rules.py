"""The rules about a size that ends by itself, besides those about every change of size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.boosts.boost import NOT_BEGUN, Boost, BoostTerms
from app.domain.boosts.request import BoostRequest, check_end, check_latest, check_upward
from app.domain.changes.change import Change
from app.domain.changes.rules import check_request
from app.domain.changes.scaling_request import request_for
from app.domain.groups.catalog import GroupDefinition
from app.domain.groups.group import Service
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.errors import BrokenRules, DraftUnusable, NotPossible, Problem
from app.services.changes.settling import is_size_settling
from app.store.boosts import BoostStore
from app.store.changes import ChangeStore


@dataclass(frozen=True)
class BoostRules:
    """Judges a boost for its draft, and again when it is sent. Raises StoreUnavailable."""

    boosts: BoostStore
    changes: ChangeStore
    now: Callable[[], datetime]

    def terms_of(self, current: ScalingConfig, definition: GroupDefinition) -> BoostTerms:
        """What to go back to, which is not what an earlier boost has set: this one supersedes it.
        And how long it can last however often it is extended. Raises NotPossible as long as what
        was set last may not show yet: nobody would know what to go back to."""
        self._check_shows(definition.service_id, current)
        earlier = self.boosts.list_open_of(definition.service_id)
        longest = timedelta(hours=definition.limits.boost_max_hours)
        # Whoever takes the place of a boost has no more time than that: else it would never end.
        begun = [it.latest_end for it in earlier if it.change.state not in NOT_BEGUN]
        return BoostTerms(_without(earlier, current), min([self.now() + longest, *begun]))

    def check(
        self,
        draft: Change,
        request: BoostRequest,
        terms: BoostTerms,
        definition: GroupDefinition,
    ) -> tuple[Problem, ...]:
        """Every broken rule of a draft, whose terms were made after it."""
        end = check_end(request, definition.limits, self.now())
        latest = () if end else check_latest(draft.boost_until, terms.latest_end)
        upward = check_upward(terms.before, draft.target) if draft.target else ()
        return (*upward, *end, *latest)

    def check_lasting(self, change: Change, limits: Limits) -> tuple[Problem, ...]:
        """What is wrong with what stays of a lasting change when the boosts of its group are over.

        While one lasts the group is beyond the limits of a lasting size, which may be kept: that
        must not let anybody ask for another size beyond them.
        """
        before, target = change.before, change.target
        if change.is_boost or before is None or target is None:
            return ()
        boosts = self.boosts.list_open_of(change.service_id)
        base, left = _without(boosts, before), _without(boosts, target)
        if base == before:
            return ()
        try:
            return check_request(request_for(left, reason=change.reason), base, limits)
        except BrokenRules as broken:
            return broken.problems

    def check_possible(self, service: Service) -> None:
        """Raises NotPossible while an entry of Cloud's own schedule is active."""
        if obstacle := service.boost_obstacle:
            raise NotPossible(
                message=obstacle,
                remedy="Boost the group after that, or change the entry in the console.",
            )

    def check_still(self, change: Change, service: Service) -> None:
        """The same when a draft is confirmed. Raises DraftUnusable too, if it would be over or
        would go back to something else than was reviewed."""
        if change.boost_until is None:
            return
        self.check_possible(service)
        if change.before:
            self._check_shows(change.service_id, change.before)
        if change.boost_until <= self.now():
            raise DraftUnusable(
                message="This boost would be over by now.",
                remedy="Ask again with a later end: the form keeps your values.",
            )
        self._check_same_terms(change)

    def _check_shows(self, service_id: str, shown: ScalingConfig) -> None:
        if is_size_settling(self.changes, service_id, shown, self.now()):
            raise NotPossible(
                message="ClickHouse Cloud does not show yet what was set here last, so nobody can "
                "tell what a boost is to go back to.",
                remedy="Try again in two minutes.",
            )

    def _check_same_terms(self, change: Change) -> None:
        """An earlier boost that was taken over meanwhile has left a size that is to stay."""
        made = self.boosts.find(change.reference)
        if made is None or change.before is None:
            return
        boosts = self.boosts.list_open_of(change.service_id)
        earlier = [it for it in boosts if it.reference != change.reference]
        if _without(earlier, change.before) != made.before:
            raise DraftUnusable(
                message="An earlier boost of this group has ended meanwhile.",
                remedy="Ask again: what the group goes back to is another size by now.",
            )


def _without(boosts: Sequence[Boost], config: ScalingConfig) -> ScalingConfig:
    """What is left of a size without what these boosts have set."""
    for boost in boosts:
        config = boost.gone_back(config)
    return config
