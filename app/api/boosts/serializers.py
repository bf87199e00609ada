"""Boosts -> the answers of the JSON API."""

from datetime import datetime

from app.api.boosts.models import BoostAnswer, BoostPreviewAnswer, ExtraCostAnswer
from app.api.changes.serializers import show_preview
from app.domain.boosts.boost import Boost
from app.domain.groups.cost import Price, extra_cost
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.services.changes.scaling import Proposal


def show_boost(boost: Boost, price: Price | None, now: datetime) -> BoostAnswer:
    """One boost as it stands at this moment."""
    begun_at = boost.change.sent_at or boost.change.created_at
    return BoostAnswer(
        reference=boost.reference,
        service_id=boost.service_id,
        user=boost.change.user,
        state=boost.state(now),
        reason=boost.change.reason,
        before=boost.before,
        asked=boost.asked,
        ends_at=boost.ends_at,
        latest_end=boost.latest_end,
        ended_by=boost.ended_by or None,
        closed_at=boost.closed_at,
        closed_by=boost.closed_by or None,
        note=boost.note,
        tries=boost.tries,
        next_try_at=boost.next_try_at,
        change_reference=boost.reference,
        revert_reference=boost.revert.reference if boost.revert else None,
        extra_cost=_extra_cost(price, boost.before, boost.asked, begun_at, boost.ends_at),
    )


def show_boost_preview(proposal: Proposal, group: ComputeGroup) -> BoostPreviewAnswer:
    """What a boost would do. What it costs more is counted from what the group goes back to, which
    is not what an earlier boost has set. Raises ValueError for what is no boost."""
    draft, terms, price = proposal.draft, proposal.terms, group.definition.limits.price
    was, will_be, ends_at = draft.before, draft.target, draft.boost_until
    if was is None or will_be is None or ends_at is None or terms is None:
        raise ValueError("a boost has a size, an end and terms")
    return BoostPreviewAnswer(
        **dict(show_preview(draft, was, will_be, group)),
        ends_at=ends_at,
        extra_cost=_extra_cost(price, terms.before, will_be, draft.created_at, ends_at),
    )


def _extra_cost(
    price: Price | None,
    before: ScalingConfig,
    asked: ScalingConfig,
    begins_at: datetime,
    ends_at: datetime,
) -> ExtraCostAnswer | None:
    if price is None:
        return None
    amount = extra_cost(price, before, asked, begins_at, ends_at)
    return ExtraCostAnswer(currency=price.currency, amount=amount)
