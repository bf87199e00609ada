"""`make check` says whether the provider's metadata and keys can be read."""

from app.cli.check.providers import check_providers
from app.cli.check.report import Level
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.domain.identity_providers import IdentityProvider, SignInWay
from tests.support.openid_provider import RunningProvider


def catalog_of(issuer: str) -> Catalog:
    """One warehouse whose people come from this issuer."""
    provider = IdentityProvider("acme", "Acme", issuer, "portal", ("openid",), "email", "groups")
    warehouse = WarehouseDefinition("one", "One", (), sign_in=SignInWay.OIDC, provider=provider)
    return Catalog((warehouse,))


def test_a_provider_that_answers_is_fine(provider: RunningProvider) -> None:
    (found,) = check_providers(catalog_of(provider.url))
    assert (found.level, "publishes its metadata and 2 keys" in found.words) == (Level.OK, True)


def test_one_that_is_away_or_names_itself_otherwise_is_a_fault(provider: RunningProvider) -> None:
    (away,) = check_providers(catalog_of("http://127.0.0.1:9"))
    (other,) = check_providers(catalog_of(f"{provider.url}/"))
    assert (away.level, other.level) == (Level.FAULT, Level.FAULT)
    assert "does not answer" in away.words
