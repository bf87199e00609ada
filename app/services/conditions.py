"""What must hold when a change is sent, judged on what Cloud says at that very moment."""

from dataclasses import dataclass

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.domain.acts import Act
from app.domain.catalog import GroupDefinition
from app.domain.changes import Change, is_needless
from app.domain.groups import Service
from app.domain.requests import request_for
from app.domain.scaling import ScalingConfig
from app.errors import ConfigurationChanged, NotFound, NotPossible
from app.services.policy import Policy
from app.services.scaling_rules import ScalingRules, current_services


@dataclass(frozen=True)
class Conditions:
    """Checked between claim and call. Raises CloudError and StoreUnavailable as well."""

    policy: Policy
    client: CloudClient
    snapshot: Snapshot
    rules: ScalingRules

    def check(self, change: Change) -> bool:
        """Whether there is something to send; not if it is as asked already.

        Raises NotFound, NotPossible, ConfigurationChanged, BrokenRules.
        """
        definition = self.policy.catalog.find_group(change.service_id)
        if definition is None:
            raise NotFound
        if change.act is Act.SCALE:
            return self._check_scaling(change)
        return self._check_state(change, definition)

    def _check_state(self, change: Change, definition: GroupDefinition) -> bool:
        service = self._read(change.service_id)
        if is_needless(change, service):
            return False
        if service.state not in change.act.facts.begins_in:
            label = service.state.facts.label.lower()
            raise NotPossible(
                message=f"“{definition.name}” is now “{label}”, so nothing was sent.",
                remedy=change.act.facts.elsewhere,
            )
        return True

    def _check_scaling(self, change: Change) -> bool:
        service = self._read(change.service_id)
        current = scalable_config(service)
        if is_needless(change, service):
            return False
        if current != change.before:
            raise configuration_changed()
        if change.target is None:
            raise NotFound
        self.rules.check(change, request_for(change.target, reason=change.reason))
        return True

    def _read(self, service_id: str) -> Service:
        service = self.client.get_service(service_id)
        self.snapshot.put(service)
        return service


def known_service(snapshot: Snapshot, service_id: str) -> Service:
    """One of them. Raises NotPossible if Cloud does not show it, CloudError as above."""
    service = current_services(snapshot).get(service_id)
    if service is None:
        raise NotPossible(
            message="ClickHouse Cloud does not show this group to the portal any more.",
            remedy="Tell whoever runs this portal.",
        )
    return service


def scalable_config(service: Service) -> ScalingConfig:
    """What is configured. Raises NotPossible if the service cannot be scaled."""
    if service.scaling_obstacle or service.configured is None:
        raise NotPossible(
            message="This group cannot be scaled at the moment.",
            remedy=service.scaling_obstacle or "",
        )
    return service.configured


def configuration_changed() -> ConfigurationChanged:
    """Somebody or something changed the configuration meanwhile."""
    return ConfigurationChanged(
        message="The group's configuration has changed since you looked at it.",
        remedy="Compare what it is now with what you asked for, then decide again.",
    )
