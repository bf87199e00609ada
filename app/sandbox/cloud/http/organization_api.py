"""The calls of the Cloud API about the organisation."""

from flask import request
from werkzeug.wrappers import Response

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.details import service_profiles
from app.sandbox.cloud.http.errors import answer
from app.sandbox.cloud.http.listing import list_answer
from app.sandbox.cloud.http.pages import cut_page
from app.sandbox.cloud.organization import organization
from app.sandbox.cloud.organization.costs import usage_cost


class OrganizationApi:
    """Views of the organisation; the key and the path's organisation were checked before."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def list_organizations(self) -> Response:
        """Answer with the one organisation of the key, as a list."""
        return list_answer(self._cloud, [organization.organization()])

    def get_organization(self) -> Response:
        """Answer with the organisation."""
        return answer(organization.organization())

    def list_activities(self) -> Response:
        """Answer with the activities of a time span, newest first."""
        with self._cloud.lock:
            self._cloud.advance()
            span = request.args.get("from_date"), request.args.get("to_date")
            return list_answer(self._cloud, self._cloud.activities.list_between(*span))

    def get_activity(self, activity_id: str) -> Response:
        """Answer with one activity."""
        with self._cloud.lock:
            self._cloud.advance()
            return answer(self._cloud.activities.find(activity_id))

    def get_cost(self) -> Response:
        """Answer with the usage cost report."""
        span = request.args.get("from_date"), request.args.get("to_date")
        return answer(usage_cost(self._cloud, *span))

    def list_quotas(self) -> Response:
        """Answer with the limits enforced."""
        return list_answer(self._cloud, organization.quotas(*self._figures()))

    def get_quota(self, code: str) -> Response:
        """Answer with one limit by its code."""
        return answer(organization.find_quota(code, *self._figures()))

    def _figures(self) -> tuple[int, int]:
        return len(self._cloud.services()), self._cloud.replicas_per_warehouse

    def list_profiles(self) -> Response:
        """Answer with the custom profiles of a region."""
        with self._cloud.lock:
            regions = {str(each.fields.get("region")) for each in self._cloud.services()}
        asked = request.args.get("region_id"), request.args.get("byoc_id")
        return list_answer(self._cloud, service_profiles(*asked, regions))

    def list_keys(self) -> Response:
        """Answer with the API keys, always in pages."""
        keys = organization.api_keys(self._cloud.oddities.other_keys)
        if self._cloud.oddities.page_size is not None:
            return list_answer(self._cloud, keys)
        return answer(*cut_page(keys, request.args))

    def get_key(self, key_id: str) -> Response:
        """Answer with one API key."""
        return answer(organization.find_api_key(key_id, self._cloud.oddities.other_keys))
