"""Whether who came back from the provider is who was asked for, and was asked just now."""

from collections.abc import Mapping

from app.domain.access.permissions import Identity
from app.domain.identity_providers import IdentityProvider
from app.errors import (
    ProviderRefusal,
    ProviderRefused,
)
from app.oidc.values import LEEWAY_SECONDS, VerifiedTokens
from app.services.sign_in.company_flows import Flow


def check_same(person: Identity | None, warehouse: str, user: str) -> None:
    """Whether who was proven is who is signed in: the same name in another warehouse is not.

    Raises ProviderRefused.
    """
    if person is None or (person.warehouse, person.user) != (warehouse, user):
        raise ProviderRefused(ProviderRefusal.SOMEBODY_ELSE)


def check_fresh(tokens: VerifiedTokens, flow: Flow, provider: IdentityProvider) -> None:
    """Whether the provider has asked the person since the flow began, and how it had to.

    A claim of another type than the standard's counts as missing.
    Raises ProviderRefused.
    """
    claims = tokens.claims
    asked_at, methods = claims.get("auth_time"), claims.get("amr")
    is_new = (
        isinstance(asked_at, int | float)  # also True, which is long ago
        and asked_at >= flow.began_at - LEEWAY_SECONDS
    )
    is_class = not provider.acr_values or claims.get("acr") in provider.acr_values
    listed = methods if isinstance(methods, list) else ()
    is_way = provider.amr <= {item for item in listed if isinstance(item, str)}
    if not (is_new and is_class and is_way):
        raise ProviderRefused(ProviderRefusal.NOT_FRESH)


def read_code(answer: Mapping[str, str], provider: IdentityProvider) -> str:
    """The code that the provider sends somebody back with. Raises ProviderRefused."""
    # RFC 9207: who answers says so, where the provider says so at all.
    if "error" in answer or answer.get("iss", provider.issuer) != provider.issuer:
        raise ProviderRefused(ProviderRefusal.DECLINED)
    if not answer.get("code"):
        raise ProviderRefused(ProviderRefusal.BAD_CODE)
    return answer["code"]
