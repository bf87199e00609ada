"""`make check` says whether the provider's metadata and keys can be read."""

from ipaddress import ip_network
from pathlib import Path

from app.cli.check.providers import check_providers
from app.cli.check.report import Level
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.domain.identity_providers import IdentityProvider, SignedHeader, SignInWay
from tests.support.openid_provider import RunningProvider

PROXIES = (ip_network("10.0.0.1"),)


def catalog_of(issuer: str, keys: str = "") -> Catalog:
    """One warehouse whose people come from this issuer, by a proxy with these `keys` if named."""
    header = SignedHeader("Cf-Access-Jwt-Assertion", keys) if keys else None
    provider = IdentityProvider(
        "acme", "Acme", issuer, "portal", ("openid",), "email", "groups", header=header
    )
    warehouse = WarehouseDefinition("one", "One", (), sign_in=SignInWay.OIDC, provider=provider)
    return Catalog((warehouse,))


def test_a_provider_that_answers_is_fine(provider: RunningProvider) -> None:
    (found,) = check_providers(catalog_of(provider.url), ())
    assert (found.level, "publishes its metadata and 2 keys" in found.words) == (Level.OK, True)


def test_one_that_is_away_or_names_itself_otherwise_is_a_fault(provider: RunningProvider) -> None:
    (away,) = check_providers(catalog_of("http://127.0.0.1:9"), ())
    (other,) = check_providers(catalog_of(f"{provider.url}/"), ())
    assert (away.level, other.level) == (Level.FAULT, Level.FAULT)
    assert "does not answer" in away.words


def test_a_proxy_needs_its_keys_and_the_addresses_from_which_it_comes(
    provider: RunningProvider, tmp_path: Path
) -> None:
    """Each finding says what to write, and where."""
    keys, issuer = f"{provider.url}/jwks.json", "https://acme.cloudflareaccess.example"
    (fine,) = check_providers(catalog_of(issuer, keys), PROXIES)
    assert (fine.level, "publishes 2 keys" in fine.words) == (Level.OK, True)
    _, nowhere = check_providers(catalog_of(issuer, keys), ())
    assert nowhere.level is Level.FAULT
    assert "PORTAL_ASSERTION_PROXIES" in nowhere.remedy
    for place, words in {
        "http://127.0.0.1:9/keys": "does not answer",
        str(tmp_path / "none.json"): "holds no usable keys",
    }.items():
        (found,) = check_providers(catalog_of(issuer, place), PROXIES)
        assert (found.level, words in found.words) == (Level.FAULT, True)
        assert found.remedy.startswith("Check keys of its proxy")
