"""The calls of Cloud's API that the portal makes, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from app.cloud.parsing.activities import parse_activities
from app.cloud.parsing.costs import parse_costs
from app.cloud.parsing.keys import ApiKey, find_key
from app.cloud.parsing.metrics import parse_metrics
from app.cloud.parsing.services import (
    WRONG_SHAPE,
    find_service,
    parse_ids,
    parse_service,
    parse_services,
)
from app.cloud.transport.answers import lost
from app.cloud.transport.pages import PagedList, read_pages
from app.cloud.transport.retries import CloudHttp
from app.domain.activity.activities import Activity
from app.domain.changes.actions import Action
from app.domain.groups.group import Service
from app.domain.load.samples import Sample
from app.domain.spend.costs import CostRow

Patch = Mapping[str, int | bool | str]


@dataclass(frozen=True)
class Receipt:
    """Cloud's acceptance of a change, and Cloud's id of the request.

    `service` is how it is now; None where the answer does not show it.
    """

    service: Service | None
    request_id: str | None
    status: int = 200


class CloudClient:
    """One organisation's services. Every method raises CloudError."""

    services_lag_seconds = 0.0
    """How long before the last reading of all services its first page was read."""

    def __init__(self, http: CloudHttp, organization_id: str) -> None:
        self._http = http
        self._organization = f"/v1/organizations/{organization_id}"
        self._services = f"{self._organization}/services"
        self._service_list = PagedList(http.get, self._services)

    def list_services(self) -> tuple[Service, ...]:
        """Every service that the key can see. Wakes nothing."""
        whole = self._service_list.read()
        self.services_lag_seconds = whole.lag_seconds
        return parse_services(whole.items)

    def get_service(self, service_id: str) -> Service:
        """One service, read just before something is done to it. Wakes nothing."""
        service = parse_service(self._http.get_once(f"{self._services}/{service_id}").result)
        if service.service_id != service_id:
            raise lost(WRONG_SHAPE)
        return service

    def read_load(self, service_id: str) -> Sample:
        """What one service's own metrics say of its load. Wakes nothing."""
        path = f"{self._services}/{service_id}/prometheus?filtered_metrics=true"
        return parse_metrics(self._http.get_sample(path))

    def read_costs(self, first: date, last: date) -> tuple[CostRow, ...]:
        """What the organisation cost on these days, both included, 31 at most. Needs the permission
        `organization:view`; wakes nothing."""
        query = urlencode({"from_date": first.isoformat(), "to_date": last.isoformat()})
        return parse_costs(self._http.get_spare(f"{self._organization}/usageCost?{query}").result)

    def find_key(self, key_id: str) -> ApiKey | None:
        """What Cloud says of the portal's own key; None if it is not in the list it may read."""
        return find_key(read_pages(self._http.get, f"{self._organization}/keys"), key_id)

    def list_activities(self, since: datetime) -> tuple[Activity, ...]:
        """What happened in the organisation since then, by whomever. Wakes nothing."""
        query = urlencode({"from_date": since.isoformat(timespec="seconds")})
        path = f"{self._organization}/activities?{query}"
        return parse_activities(read_pages(self._http.get, path))

    @property
    def answered_at(self) -> datetime | None:
        """When Cloud gave its latest answer, by its own clock in whole seconds; None if unknown."""
        return self._http.answered_at

    def forget_key_rejections(self) -> None:
        """Let the next call go out even if Cloud has refused the key just now."""
        self._http.forget_key_rejections()

    def list_organization_ids(self) -> tuple[str, ...]:
        """The organisations that the key belongs to: one, as Cloud is today."""
        return parse_ids(self._http.get("/v1/organizations").result)

    def update(self, service_id: str, action: Action, patch: Patch) -> Receipt:
        """Carry out an action. Sent once; CloudAnswerLost when the outcome is not known."""
        part = "replicaScaling" if action is Action.SCALE else "state"
        answer = self._http.patch(f"{self._services}/{service_id}/{part}", patch)
        shown = find_service(answer.result)
        is_usable = shown is not None and _shows(shown, service_id, action)
        return Receipt(shown if is_usable else None, answer.request_id, answer.status)

    def write_schedule(self, service_id: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """Replace Cloud's own schedule of a service. Sent once; CloudAnswerLost when the outcome is
        not known."""
        body = {"entries": list(entries)}
        self._http.write("POST", f"{self._services}/{service_id}/scalingSchedule", body)

    def remove_schedule(self, service_id: str) -> None:
        """Remove Cloud's own schedule of a service; CloudNotFound where it has none. Sent once."""
        self._http.write("DELETE", f"{self._services}/{service_id}/scalingSchedule")


def _shows(service: Service, service_id: str, action: Action) -> bool:
    """Whether an answer is complete enough to be believed as what everybody sees."""
    is_complete = service.configured is not None or action is not Action.SCALE
    return service.service_id == service_id and bool(service.state_text) and is_complete
