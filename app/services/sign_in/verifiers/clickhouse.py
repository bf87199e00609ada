"""Proving a user at a ClickHouse endpoint of the warehouse."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from app.clickhouse.login import ClickHouseLogin, VerifiedUser
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.groups.group import Service
from app.errors import CredentialRefusal, CredentialsRefused, SignInRefused
from app.services.sign_in.verifiers.endpoints import VerificationEndpoints
from app.services.sign_in.verifiers.refusals import refused, unchecked
from app.services.sign_in.verifiers.verification import Credentials

GUESSES = {
    CredentialRefusal.WRONG_CREDENTIALS,
    CredentialRefusal.TOO_MANY_ATTEMPTS,
    CredentialRefusal.SECOND_FACTOR,
}
"""The refusals for which ClickHouse looked at the password."""

NO_ANSWER = {CredentialRefusal.UNREACHABLE, CredentialRefusal.NOT_ON_ACCESS_LIST}
"""Those for which nothing came back: no connection, or one that was cut or stayed silent."""

log = logging.getLogger("portal.sign_in")


@dataclass(frozen=True)
class ClickHouseVerifier:
    """Implements `CredentialVerifier`."""

    endpoints: VerificationEndpoints
    login: ClickHouseLogin

    def verify(self, warehouse: WarehouseDefinition, given: Credentials) -> frozenset[str] | None:
        """The roles that ClickHouse enables. Raises as `CredentialVerifier` says."""
        # Only the form to sign in can wake a group; elsewhere the question is but a refusal.
        may_wake = given.purpose != "sign_in" or self.endpoints.waking.may_wake(
            warehouse, given.user
        )
        services = self.endpoints.choose(warehouse, given.wake_service_id, may_wake=may_wake)
        return self._ask_in_turn(services, given).known_roles

    def _ask_in_turn(self, services: Sequence[Service], given: Credentials) -> VerifiedUser:
        """Ask the next one only if the one before did not answer: any answer counts, whatever it
        says, so that a wrong password is looked at once. A code goes to the first one alone, which
        may have taken it though its answer was lost."""
        first, *others = services[:1] if given.has_code else services
        try:
            return self._ask(first, given)
        except CredentialsRefused as error:
            if others and error.refusal in NO_ANSWER:
                log.warning("%s did not answer a sign-in; another is asked", first.service_id)
                return self._ask_in_turn(others, given)
            is_guess = error.refusal in GUESSES
            raise refused(error.refusal, is_guess=is_guess, code=error.exception_code) from None

    def _ask(self, service: Service, given: Credentials) -> VerifiedUser:
        try:
            return self.login.verify(
                endpoint_url=endpoint_url_of(service),
                user=given.user,
                password=given.password,
                is_waking=not service.state.spec.is_reachable,
            )
        except ValueError:
            raise unusable_endpoint() from None


def endpoint_url_of(service: Service) -> str:
    """Where a candidate is asked."""
    endpoint = service.https_endpoint
    if endpoint is None:
        raise AssertionError("only services with an endpoint are candidates")
    return endpoint.base_url


def unusable_endpoint() -> SignInRefused:
    """Cloud names an address that nothing secret may be sent to."""
    return unchecked(
        "unusable_endpoint",
        "ClickHouse Cloud names an address for this group that cannot be used.",
        "Tell whoever runs this portal.",
    )
