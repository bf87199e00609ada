"""What Cloud says now, as far as the common view goes: seconds old, and shared by everybody."""

from collections.abc import Mapping

from app.cloud.snapshot import Snapshot
from app.domain.groups import Service
from app.errors import NotPossible


def current_services(snapshot: Snapshot) -> Mapping[str, Service]:
    """Every service as the common view shows it. Raises CloudError if that cannot be read now."""
    view = snapshot.view(is_waiting=True)
    if view.error:
        raise view.error.with_traceback(None)
    return view.services


def known_service(snapshot: Snapshot, service_id: str) -> Service:
    """One of them. Raises NotPossible if Cloud does not show it, CloudError as above."""
    service = current_services(snapshot).get(service_id)
    if service is None:
        raise NotPossible(
            message="ClickHouse Cloud does not show this group to the portal any more.",
            remedy="Tell whoever runs this portal.",
        )
    return service
