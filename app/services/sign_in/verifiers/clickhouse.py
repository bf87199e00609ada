"""Proving a user at a ClickHouse endpoint of the warehouse."""

from dataclasses import dataclass

from app.clickhouse.login import ClickHouseLogin
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
        service = self.endpoints.choose(warehouse, given.wake_service_id, may_wake=may_wake)
        try:
            verified = self.login.verify(
                endpoint_url=endpoint_url_of(service),
                user=given.user,
                password=given.password,
                is_waking=not service.state.spec.is_reachable,
            )
        except ValueError:
            raise unusable_endpoint() from None
        except CredentialsRefused as error:
            is_guess = error.refusal in GUESSES
            raise refused(error.refusal, is_guess=is_guess, code=error.exception_code) from None
        return verified.known_roles


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
