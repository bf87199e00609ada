"""Which acts a page offers to one person, and in words why not the others."""

from dataclasses import dataclass

from app.domain.acts import Act
from app.domain.groups import ComputeGroup


@dataclass(frozen=True)
class Offer:
    """One act for one person on one group. `why_not` is None exactly if it is offered."""

    act: Act
    why_not: str | None
    is_permitted: bool = True

    @property
    def is_open(self) -> bool:
        """Whether the act can be begun now."""
        return self.why_not is None


def offers_for(group: ComputeGroup, *, contact: str, closed: str | None) -> tuple[Offer, ...]:
    """Every act, offered or not. `closed` says why nothing can be changed at all just now."""
    return tuple(_offer(act, group, contact, closed) for act in Act)


def _offer(act: Act, group: ComputeGroup, contact: str, closed: str | None) -> Offer:
    facts = act.facts
    if not group.may(facts.permission):
        return Offer(act, why_not_permitted(act, contact), is_permitted=False)
    if closed:
        return Offer(act, closed)
    if group.state in facts.under_way_in:
        return Offer(act, "This is under way already.")
    if group.service is None or group.state not in facts.begins_in:
        return Offer(act, _why_not_now(act, group))
    obstacle = group.scaling_obstacle if act is Act.SCALE else None
    return Offer(act, obstacle)


def why_not_permitted(act: Act, contact: str) -> str:
    """Which permission is missing, and who gives it."""
    return f"This needs the permission “{act.facts.permission}”, which {contact} can give."


def _why_not_now(act: Act, group: ComputeGroup) -> str:
    if group.service is None:
        return "ClickHouse Cloud does not show this group to the portal at the moment."
    if act is Act.SCALE and group.scaling_obstacle:
        return group.scaling_obstacle
    return f"{act.facts.elsewhere} Now it is “{group.state.facts.label.lower()}”."
