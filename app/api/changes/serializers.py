"""Changes as the JSON API shows them."""

from app.api.changes.models import ChangeAnswer, CostAnswer, PreviewAnswer
from app.domain.changes.change import Change
from app.domain.changes.consequences import consequences_of
from app.domain.changes.effect import Effect
from app.domain.changes.reauthentication import is_big_step
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig


def show_change(change: Change, effect: Effect | None) -> ChangeAnswer:
    """One change as it stands; `effect` is how far it shows at Cloud, once it was accepted."""
    return ChangeAnswer(
        reference=change.reference,
        act=change.action.value,
        service_id=change.service_id,
        user=change.user,
        state=change.state.value,
        effect=effect,
        patch=change.patch,
        before=change.before,
        target=change.target,
        reason=change.reason,
        created_at=change.created_at,
        sent_at=change.sent_at,
        settled_at=change.settled_at,
        settled_by=change.settled_by,
        note=change.settled_note,
        cloud_request_id=change.cloud_request_id,
        boost_until=change.boost_until,
        origin=change.origin,
        order_reference=change.order_reference or None,
    )


def show_preview(
    draft: Change, was: ScalingConfig, will_be: ScalingConfig, group: ComputeGroup
) -> PreviewAnswer:
    """What a change of size would do."""
    return PreviewAnswer(
        was=was,
        will_be=will_be,
        patch=draft.patch,
        consequences=consequences_of(draft, group),
        cost=_cost(was, will_be, group),
        needs_fresh_proof=is_big_step(draft, group.definition.limits, was),
    )


def _cost(was: ScalingConfig, will_be: ScalingConfig, group: ComputeGroup) -> CostAnswer | None:
    price = group.definition.limits.price
    if price is None:
        return None
    return CostAnswer(
        currency=price.currency,
        most_per_hour_before=price.per_hour(was.max_total_gb),
        most_per_hour_after=price.per_hour(will_be.max_total_gb),
        as_of=price.as_of,
    )
