"""What must hold when a change is sent, judged on what Cloud says at that very moment."""

from dataclasses import dataclass

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.changes.outcome import is_no_op
from app.domain.changes.scaling_request import request_for
from app.domain.groups.catalog import GroupDefinition
from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig
from app.errors import ConfigurationChanged, NotFound, NotPossible
from app.services.access.policy import Policy
from app.services.changes.boost_rules import BoostRules
from app.services.changes.rules import ScalingRules


@dataclass(frozen=True)
class Preconditions:
    """Checked between claim and call. Raises CloudError and StoreUnavailable as well."""

    policy: Policy
    client: CloudClient
    snapshot: Snapshot
    rules: ScalingRules
    boosts: BoostRules

    def check(self, change: Change) -> bool:
        """Whether there is something to send; not if it is as asked already.

        Raises NotFound, NotPossible, ConfigurationChanged, BrokenRules.
        """
        if change.action is Action.SCALE:
            return self._check_scaling(change)
        return self._check_state(change)

    def _check_state(self, change: Change) -> bool:
        service = self._read(change.service_id)
        definition = self._find_definition(change)
        if is_no_op(change, service):
            return False
        if service.state not in change.action.spec.begins_in:
            state = service.state_in_sentence
            raise NotPossible(
                message=f"“{definition.name}” is now {state}, so nothing was sent.",
                remedy=change.action.spec.elsewhere,
            )
        return True

    def check_going_back(self, change: Change) -> bool:
        """The same for what goes back to a smaller size: no limit stands in its way.

        Raises NotPossible, ConfigurationChanged.
        """
        return self._read_unchanged(change) is not None

    def _check_scaling(self, change: Change) -> bool:
        service = self._read_unchanged(change)
        definition = self._find_definition(change)
        if service is None:
            return False
        if change.target is None:
            raise NotFound
        self.boosts.check_still(change, service)
        lasting = self.boosts.check_lasting(change, definition.limits)
        self.rules.check(change, request_for(change.target, reason=change.reason), lasting)
        return True

    def _find_definition(self, change: Change) -> GroupDefinition:
        """By the rules of this moment: limits may go by tags, which Cloud has just told."""
        self.policy.recheck()
        return self.rules.get_definition(change.service_id)

    def _read_unchanged(self, change: Change) -> Service | None:
        """The service, as it was when the change was drawn up; None if it is as asked already."""
        service = self._read(change.service_id)
        current = scalable_config(service)
        if is_no_op(change, service):
            return None
        if current != change.before:
            raise GroupChanged(change.target, current)
        return service

    def _read(self, service_id: str) -> Service:
        service = self.client.get_service(service_id)
        self.snapshot.put(service)
        return service


def scalable_config(service: Service) -> ScalingConfig:
    """What is configured. Raises NotPossible if the service cannot be scaled."""
    if service.scaling_obstacle or service.configured is None:
        raise NotPossible(
            message="This group cannot be scaled at the moment.",
            remedy=service.scaling_obstacle or "",
        )
    return service.configured


class GroupChanged(ConfigurationChanged):
    """Somebody or something changed the configuration meanwhile.

    `requested` is what the values lead to in the configuration that they were typed for, `shown`
    what is configured now, as Cloud says.
    """

    def __init__(self, requested: ScalingConfig | None, shown: ScalingConfig) -> None:
        super().__init__(
            message="The group was changed by someone else.",
            remedy="Compare the current values with yours, then decide again.",
        )
        self.requested, self.shown = requested, shown
