"""The simulated Cloud: every service, user and activity behind one lock, moved by one clock."""

import threading
from typing import Any

from app.sandbox.clock import Clock
from app.sandbox.cloud import activities as log
from app.sandbox.cloud.access import is_allowed
from app.sandbox.cloud.bodies import check_known, parse_choice
from app.sandbox.cloud.commands import ACTS, UP, Durations
from app.sandbox.cloud.errors import ApiError
from app.sandbox.cloud.rendering import schedule_json
from app.sandbox.cloud.scaling import Scaling
from app.sandbox.cloud.schedule import parse_entries
from app.sandbox.cloud.services import Service
from app.sandbox.logins import Logins
from app.sandbox.world import REPLICAS_PER_WAREHOUSE, User, build_services


class Cloud:
    """What the Cloud API and the ClickHouse stand-ins act upon. Every method is thread-safe."""

    def __init__(self, clock: Clock, ports: list[int], host: str = "127.0.0.1") -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self._ports, self._host = ports, host
        self.restart()

    def restart(self) -> None:
        """Go back to the beginning of the world."""
        with self.lock:
            now = self.clock.now()
            services = build_services(self._ports, self._host, now)
            self._services = {service.id: service for service in services}
            self.durations = Durations()
            self.logins = Logins()
            self.activities = log.Activities()
            self.connections = dict.fromkeys(self._services, 0)
            for service in services:
                self.activities.add(service.created_at, "service_create", service.id)

    def settle(self) -> float:
        """Let everything due happen, and return the present. Call with the lock held."""
        now = self.clock.now()
        for service in self._services.values():
            for at, state in service.settle(now):
                if state in log.ARRIVALS:
                    self.activities.add(at, log.ARRIVALS[state], service.id)
        return now

    def list_services(self) -> list[dict[str, Any]]:
        """Return every service as the API shows it."""
        with self.lock:
            now = self.settle()
            return [service.to_json(now) for service in self._services.values()]

    def get_service(self, service_id: str) -> dict[str, Any]:
        """Return one service as the API shows it. Raises ApiError 404."""
        with self.lock:
            now = self.settle()
            return self.find(service_id).to_json(now)

    def find(self, service_id: str) -> Service:
        """Return the service itself, to be used with the lock held. Raises ApiError 404."""
        if service_id not in self._services:
            raise ApiError(404, "Service not found")
        return self._services[service_id]

    def scale(self, service_id: str, body: dict[str, object], caller: log.Caller) -> dict[str, Any]:
        """Carry out PATCH replicaScaling. Raises ApiError."""
        with self.lock:
            now = self.settle()
            service = self.find(service_id)
            planned = service.plan_scaling(body)
            self._check_warehouse(service, planned)
            kinds = log.scaling_kinds(service.configured, planned)
            service.configure(planned, now, self.durations)
            for kind in kinds:
                self.activities.add(now, kind, service.id, caller)
            return service.to_json(now)

    def command(
        self, service_id: str, body: dict[str, object], caller: log.Caller
    ) -> dict[str, Any]:
        """Carry out PATCH state. Raises ApiError."""
        with self.lock:
            now = self.settle()
            service = self.find(service_id)
            check_known(body, ("command",))
            command = parse_choice("command", body.get("command"), ACTS)
            if service.command(command, now, self.durations):
                self.activities.add(now, log.COMMANDS[command], service.id, caller)
            return service.to_json(now)

    def get_schedule(self, service_id: str) -> dict[str, Any]:
        """Return the schedule of a service. Raises ApiError 404 when it has none."""
        with self.lock:
            now, service = self.settle(), self.find(service_id)
            if not service.entries:
                raise ApiError(404, "Scaling schedule not found")
            return schedule_json(service.entries, service.configured, now)

    def set_schedule(self, service_id: str, body: dict[str, object]) -> dict[str, Any]:
        """Replace the schedule of a service; no entries clear it. Raises ApiError."""
        with self.lock:
            now, service = self.settle(), self.find(service_id)
            service.entries = parse_entries(body)
            return schedule_json(service.entries, service.configured, now)

    def delete_schedule(self, service_id: str) -> None:
        """Remove the schedule of a service. Raises ApiError 404 when it has none."""
        with self.lock:
            self.get_schedule(service_id)
            self.find(service_id).entries = ()

    def connect(self, service_id: str, address: str) -> bool:
        """Count a connection to a stand-in; wake an idle service. Returns whether it may stay.

        An address that is not on the access list never reaches the service, so wakes nothing.
        """
        with self.lock:
            now, service = self.settle(), self.find(service_id)
            self.connections[service_id] += 1
            if not is_allowed(address, service.facts.get("ipAccessList")):
                return False
            service.last_touched_at = now
            if service.state == "idle" and service.command("awake", now, self.durations):
                self.activities.add(now, log.COMMANDS["awake"], service.id)
            return service.state in UP | {"awaking"}

    def state_of(self, service_id: str) -> str:
        """Return the present state of a service."""
        with self.lock:
            self.settle()
            return self.find(service_id).state

    def log_in(self, service_id: str, name: str, password: str) -> User:
        """Check a name and password at a service. Raises ClickHouseError."""
        with self.lock:
            warehouse_id = self.find(service_id).warehouse_id
            return self.logins.check(warehouse_id, name, password, self.clock.now())

    def _check_warehouse(self, changed: Service, planned: Scaling) -> None:
        others = [
            service.configured.max_replicas
            for service in self._services.values()
            if service.warehouse_id == changed.warehouse_id and service is not changed
        ]
        total = sum(others) + planned.max_replicas
        if total > REPLICAS_PER_WAREHOUSE:
            text = f"At most {REPLICAS_PER_WAREHOUSE} replicas are allowed in a warehouse"
            raise ApiError(400, f"{text} <number:{total}>")
