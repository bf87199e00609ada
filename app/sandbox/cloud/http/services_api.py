"""The calls of the Cloud API about services."""

from flask import request
from werkzeug.wrappers import Response

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.details import backup_configuration, private_endpoint_config
from app.sandbox.cloud.http.errors import answer
from app.sandbox.cloud.http.listing import list_answer
from app.sandbox.cloud.http.showing import show_list, show_one, show_patched
from app.sandbox.cloud.http.tags import parse_filter
from app.sandbox.cloud.organization.activities import Caller
from app.sandbox.cloud.service.metrics import prometheus_text


class ServicesApi:
    """Views of services; that the key may see the path's service was checked before."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def list_services(self) -> Response:
        """Answer with every service that has the tags asked for."""
        given = [*request.args.getlist("filter"), *request.args.getlist("filter[]")]
        return list_answer(self._cloud, show_list(self._cloud, parse_filter(given)))

    def get_service(self, service_id: str) -> Response:
        """Answer with one service."""
        return answer(show_one(self._cloud, service_id))

    def get_metrics(self, service_id: str) -> Response:
        """Answer with the metrics of a service, as text."""
        is_filtered = request.args.get("filtered_metrics") == "true"
        service, now = self._cloud.get_service(service_id), self._cloud.clock.now()
        text = prometheus_text(service, now, is_filtered)
        return Response(text, content_type="text/plain; charset=utf-8")

    def get_private_endpoint(self, service_id: str) -> Response:
        """Answer with what a private endpoint would be made with."""
        with self._cloud.lock:
            return answer(private_endpoint_config(self._cloud.find(service_id)))

    def get_backup(self, service_id: str) -> Response:  # noqa: ARG002 -- the same for all
        """Answer with when backups are made."""
        return answer(backup_configuration())

    def patch_scaling(self, service_id: str, body: dict[str, object], caller: Caller) -> Response:
        """Change the scaling of a service."""
        shown = self._cloud.scale(service_id, body, caller)
        return answer(show_patched(self._cloud, service_id, shown))

    def patch_state(self, service_id: str, body: dict[str, object], caller: Caller) -> Response:
        """Start, stop or wake a service."""
        shown = self._cloud.command(service_id, body, caller)
        return answer(show_patched(self._cloud, service_id, shown))
