"""What the bound on all replicas of a warehouse leaves to one of its groups."""

from dataclasses import dataclass

from app.domain.groups.scaling import ScalingConfig


@dataclass(frozen=True)
class ReplicaRoom:
    """`most` replicas are allowed to all groups of the warehouse, `others` are those of the other
    groups; None where the size of one of them is not known, so that nothing may grow.
    """

    most: int
    others: int | None

    def largest(self, current: ScalingConfig) -> int:
        """The most replicas that the group may have: those it has can be kept."""
        left = current.max_replicas if self.others is None else self.most - self.others
        return max(left, current.max_replicas)

    def refusal(self, current: ScalingConfig, wanted: int) -> str:
        """Why the group cannot have so many replicas now; empty where it can."""
        largest = self.largest(current)
        if wanted <= largest:
            return ""
        return self.obstacle(current) or (
            f"It can have {largest} replicas at most now: the groups of this warehouse may have "
            f"{self.most} in total."
        )

    def obstacle(self, current: ScalingConfig) -> str:
        """Why the group can have no more replicas than now; empty where it can."""
        if self.others is None:
            return (
                "It can have no more replicas now: not every group of the warehouse is visible "
                "to the portal."
            )
        if self.largest(current) > current.max_replicas:
            return ""
        return (
            f"It can have no more replicas now: the groups of this warehouse may have {self.most} "
            "in total."
        )
