"""The simulated Cloud: every service, user and activity behind one lock, moved by one clock."""

import threading
from typing import Any

from app.sandbox.clock import Clock
from app.sandbox.cloud.access import is_allowed
from app.sandbox.cloud.http.bodies import check_known, parse_choice
from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.oddities import Oddities
from app.sandbox.cloud.organization import activities as log
from app.sandbox.cloud.service.commands import BEING_DELETED, COMMAND_STATES, UP, Durations
from app.sandbox.cloud.service.scaling import Scaling
from app.sandbox.cloud.service.service import Service
from app.sandbox.extent import Extent, place_services
from app.sandbox.logins import Logins
from app.sandbox.world import REPLICAS_PER_WAREHOUSE


class Cloud:
    """What the Cloud API and the ClickHouse stand-ins act upon. Every method is thread-safe."""

    def __init__(self, clock: Clock, ports: list[int], host: str, extent: Extent) -> None:
        self.clock = clock
        self.extent = extent
        self.warehouses = extent.list_warehouses()
        self.lock = threading.RLock()
        self._ports, self._host = ports, host
        self.restart()

    def restart(self) -> None:
        """Go back to the beginning of the world."""
        with self.lock:
            now = self.clock.now()
            services = place_services(self.extent, self._ports, self._host, now)
            self._services = {service.id: service for service in services}
            self.durations = Durations()
            self.oddities = Oddities()
            self.replicas_per_warehouse = REPLICAS_PER_WAREHOUSE
            self.logins = Logins()
            self.activities = log.Activities()
            self.connections = dict.fromkeys(self._services, 0)
            for service in services:
                self.activities.add(service.created_at, "service_create", service.id)

    def advance(self) -> float:
        """Let everything due happen, and return the present. Call with the lock held."""
        now = self.clock.now()
        for service in self._services.values():
            for at, state in service.advance(now):
                if state in log.ARRIVALS:
                    self.activities.add(at, log.ARRIVALS[state], service.id)
        return now

    def list_services(self) -> list[dict[str, Any]]:
        """Return every service as it is, in the shape of the API."""
        with self.lock:
            now = self.advance()
            return [service.to_json(now) for service in self._services.values()]

    def get_service(self, service_id: str) -> dict[str, Any]:
        """Return one service as it is, in the shape of the API. Raises ApiError 404."""
        with self.lock:
            now = self.advance()
            return self.find(service_id).to_json(now)

    def find(self, service_id: str) -> Service:
        """Return the service itself, to be used with the lock held. Raises ApiError 404.

        Identifiers are compared in any case, as UUIDs are.
        """
        service = self._services.get(service_id.lower())
        if service is None:
            raise ApiError(404, "Service not found")
        return service

    def services(self) -> list[Service]:
        """Return the services themselves, to be used with the lock held."""
        return list(self._services.values())

    def check_visible(self, service_id: str) -> None:
        """Raise ApiError 404 for a service that does not exist or is hidden from the key."""
        with self.lock:
            if not self.oddities.is_visible(self.find(service_id).id):
                raise ApiError(404, "Service not found")

    def scale(self, service_id: str, body: dict[str, object], caller: log.Caller) -> dict[str, Any]:
        """Carry out PATCH replicaScaling. Raises ApiError."""
        with self.lock:
            now = self.advance()
            service = self.find(service_id)
            planned = service.plan_scaling(body)
            self._check_warehouse(service, planned)
            kinds = log.scaling_kinds(service.configured, planned)
            self.oddities.remember(service.id, service.to_json(now), now)
            service.configure(planned, now, self.durations)
            for kind in kinds:
                self.activities.add(now, kind, service.id, caller)
            return service.to_json(now)

    def command(
        self, service_id: str, body: dict[str, object], caller: log.Caller
    ) -> dict[str, Any]:
        """Carry out PATCH state. Raises ApiError."""
        with self.lock:
            now = self.advance()
            service = self.find(service_id)
            check_known(body, ("command",))
            command = parse_choice("command", body.get("command"), COMMAND_STATES)
            before = service.to_json(now)
            if service.command(command, now, self.durations):
                self.oddities.remember(service.id, before, now)
                self.activities.add(now, log.COMMANDS[command], service.id, caller)
            return service.to_json(now)

    def connect(self, service_id: str, address: str) -> bool:
        """Count a connection to a stand-in; wake an idle service. Returns whether it may stay.

        An address that is not on the access list never reaches the service, so wakes nothing.
        """
        with self.lock:
            now, service = self.advance(), self.find(service_id)
            self.connections[service_id] += 1
            if not is_allowed(address, service.fields.get("ipAccessList")):
                return False
            service.last_touched_at = now
            if service.state == "idle" and service.command("awake", now, self.durations):
                self.activities.add(now, log.COMMANDS["awake"], service.id)
            return service.state in UP | {"awaking"}

    def state_of(self, service_id: str) -> str:
        """Return the present state of a service."""
        with self.lock:
            self.advance()
            return self.find(service_id).state

    def _check_warehouse(self, changed: Service, planned: Scaling) -> None:
        others = [
            service.configured.max_replicas
            for service in self._services.values()
            if service.warehouse_id == changed.warehouse_id
            and service is not changed
            and service.state not in BEING_DELETED
        ]
        total, most = sum(others) + planned.max_replicas, self.replicas_per_warehouse
        if total > most:
            text = f"At most {most} replicas are allowed in a warehouse"
            raise ApiError(400, f"{text} <number:{total}>")
