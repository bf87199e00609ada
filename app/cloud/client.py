"""The calls of Cloud's API that the portal makes, by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.cloud.http import CloudHttp
from app.cloud.models import parse_service, parse_services
from app.domain.groups import Service


@dataclass(frozen=True)
class Receipt:
    """Cloud's acceptance of a change: the service as it now is, and Cloud's id of the request."""

    service: Service
    request_id: str | None


class CloudClient:
    """One organisation's services. Every method raises CloudError."""

    def __init__(self, http: CloudHttp, organization_id: str) -> None:
        self._http = http
        self._services = f"/v1/organizations/{organization_id}/services"

    def list_services(self) -> tuple[Service, ...]:
        """Every service that the key can see. Wakes nothing."""
        return parse_services(self._http.get(self._services).result)

    def get_service(self, service_id: str) -> Service:
        """One service, read just before something is done to it. Wakes nothing."""
        return parse_service(self._http.get_once(f"{self._services}/{service_id}").result)

    def update_scaling(self, service_id: str, patch: Mapping[str, int | bool]) -> Receipt:
        """Change the scaling settings. Sent once; CloudAnswerLost when the outcome is not known."""
        path = f"{self._services}/{service_id}/replicaScaling"
        answer = self._http.patch(path, patch)
        return Receipt(service=parse_service(answer.result), request_id=answer.request_id)
