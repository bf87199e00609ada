"""Whether the identity providers that warehouses trust publish what a sign-in needs."""

from collections.abc import Iterator

from app.cli.check.report import Check, Level
from app.domain.access.addresses import Networks
from app.domain.groups.catalog import Catalog
from app.domain.identity_providers import IdentityProvider
from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.documents import Documents

SUBJECT = "providers"
_WORDS = {
    ProviderRefusal.UNREACHABLE: (
        "does not answer",
        "Check the issuer, and names, firewalls and proxies between this machine and it.",
    ),
    ProviderRefusal.MISCONFIGURED: (
        "has no usable metadata or keys there",
        "Write the issuer exactly as the provider names itself; the log says more.",
    ),
}
_WORDS_OF_PROXY = {
    ProviderRefusal.UNREACHABLE: (
        "does not answer",
        "Check keys of its proxy, and names, firewalls and proxies between this machine and it.",
    ),
    ProviderRefusal.MISCONFIGURED: (
        "holds no usable keys",
        "Check keys of its proxy: the address or the readable file of what it publishes (JWKS).",
    ),
}


def check_providers(catalog: Catalog, proxies: Networks) -> Iterator[Check]:
    """What a sign-in with each provider needs: its metadata and its keys are read, and nobody
    signs in. `proxies` are the addresses from which a signed header counts."""
    providers = {item.company.key: item.company for item in catalog.warehouses if item.company}
    for provider in providers.values():
        yield _check(provider, Documents())
        if provider.header and not proxies:
            words = f"{provider.name} counts from no address, so nobody can sign in."
            remedy = "Name those of its proxy in PORTAL_ASSERTION_PROXIES, in the environment."
            yield Check(SUBJECT, Level.FAULT, words, remedy)


def _check(provider: IdentityProvider, documents: Documents) -> Check:
    place = f"{provider.name}: {provider.issuer}"
    if provider.header:
        place = f"{provider.name}: {provider.header.keys}"
    try:
        keys = documents.find_keys(_find_place(provider, documents), None).keys
    except ProviderRefused as error:
        what, remedy = (_WORDS_OF_PROXY if provider.header else _WORDS)[error.refusal]
        return Check(SUBJECT, Level.FAULT, f"{place} {what}, so nobody can sign in.", remedy)
    published = f"{len(keys)} keys" if provider.header else f"its metadata and {len(keys)} keys"
    return Check(SUBJECT, Level.OK, f"{place} publishes {published}.")


def _find_place(provider: IdentityProvider, documents: Documents) -> str:
    """Where its keys are, by its metadata or by the file of groups. Raises ProviderRefused."""
    if provider.header:
        return provider.header.keys
    return documents.find_metadata(provider.issuer).jwks_uri
