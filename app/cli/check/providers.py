"""Whether the identity providers that warehouses trust publish what a sign-in needs."""

from collections.abc import Iterator

from app.cli.check.report import Check, Level
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


def check_providers(catalog: Catalog) -> Iterator[Check]:
    """One finding for each provider; its metadata and its keys are read, and nobody signs in."""
    providers = {item.company.key: item.company for item in catalog.warehouses if item.company}
    for provider in providers.values():
        yield _check(provider, Documents())


def _check(provider: IdentityProvider, documents: Documents) -> Check:
    place = f"{provider.name}: {provider.issuer}"
    if provider.header:
        place = f"{provider.name}: {provider.header.keys}"
    try:
        keys = documents.find_keys(_find_place(provider, documents), None).keys
    except ProviderRefused as error:
        what, remedy = _WORDS[error.refusal]
        return Check(SUBJECT, Level.FAULT, f"{place} {what}, so nobody can sign in.", remedy)
    return Check(SUBJECT, Level.OK, f"{place} publishes its metadata and {len(keys)} keys.")


def _find_place(provider: IdentityProvider, documents: Documents) -> str:
    """Where its keys are, by its metadata or by the file of groups. Raises ProviderRefused."""
    if provider.header:
        return provider.header.keys
    return documents.find_metadata(provider.issuer).jwks_uri
