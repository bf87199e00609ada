"""What a verified token makes of somebody: their name here, and their roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.clickhouse.login import ClickHouseLogin
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.identity_providers import IdentityProvider
from app.errors import CredentialRefusal, CredentialsRefused, ProviderRefusal, ProviderRefused
from app.oidc.values import VerifiedTokens
from app.services.sign_in.verifiers.clickhouse import endpoint_url_of, unusable_endpoint
from app.services.sign_in.verifiers.endpoints import VerificationEndpoints
from app.services.sign_in.verifiers.refusals import refused

MOST_ROLES = 500
LONGEST_NAME = 200


@dataclass(frozen=True)
class CompanyRoles:
    """Finds the roles. Raises ProviderRefused, SignInRefused, WakeNeeded, StoreUnavailable."""

    endpoints: VerificationEndpoints
    login: ClickHouseLogin

    def find(
        self, warehouse: WarehouseDefinition, user: str, tokens: VerifiedTokens, wake: str | None
    ) -> frozenset[str]:
        """The roles of the token's claim, or those that ClickHouse enables for it."""
        if warehouse.is_role_claimed:
            return read_roles(tokens.claims, warehouse)
        return self._ask_clickhouse(warehouse, user, tokens, wake)

    def _ask_clickhouse(
        self, warehouse: WarehouseDefinition, user: str, tokens: VerifiedTokens, wake: str | None
    ) -> frozenset[str]:
        may_wake = self.endpoints.waking.may_wake(warehouse, user)
        service, *_ = self.endpoints.choose(warehouse, wake, may_wake=may_wake)
        try:
            return self.login.verify_token(
                endpoint_url=endpoint_url_of(service),
                token=tokens.access_token,
                subject=str(tokens.claims["sub"]),
                is_waking=not service.state.spec.is_reachable,
            ).roles
        except ValueError:
            raise unusable_endpoint() from None
        except CredentialsRefused as error:
            if error.refusal == CredentialRefusal.WRONG_CREDENTIALS:
                raise ProviderRefused(ProviderRefusal.TOKEN_NOT_TAKEN) from None
            raise refused(error.refusal, code=error.exception_code, credential="sign-in") from None


def read_roles(claims: Mapping[str, Any], warehouse: WarehouseDefinition) -> frozenset[str]:
    """The roles of the claim: a list of names, or one. Raises ProviderRefused.

    A provider that leaves the claim out says nothing, which is not the same as no role at all.
    """
    provider = warehouse.provider
    if provider and not provider.roles_claim:
        return frozenset()
    found = claims.get(provider.roles_claim) if provider else None
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or len(listed) > MOST_ROLES:
        raise ProviderRefused(ProviderRefusal.NO_ROLES)
    return frozenset(item for item in listed if _is_name(item))


def read_name(claims: Mapping[str, Any], provider: IdentityProvider) -> str:
    """What to call the person. Raises ProviderRefused.

    An address that the provider has not verified could be anybody's, so that it must say of each
    that it is (`email_verified`, OpenID Connect Core 5.1), unless the file says so of all.
    """
    name = claims.get(provider.name_claim)
    is_verified = claims.get("email_verified", provider.verifies_emails) is True
    is_unsure = provider.name_claim == "email" and not is_verified
    if not isinstance(name, str) or not _is_name(name) or is_unsure:
        raise ProviderRefused(ProviderRefusal.NO_NAME)
    return f"{provider.prefix}{name}"


def _is_name(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= LONGEST_NAME and text.isprintable()
