"""`identity_providers` of `configs/org_config.yaml`: the company's own sign-in by OpenID Connect.

The client secret is no part of the file: `PORTAL_OIDC_CLIENT_SECRETS` of the environment holds it.
"""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from app.domain.groups.group import is_loopback
from app.domain.identity_providers import IdentityProvider, RolesFrom, SignedHeader, SignInWay
from app.settings.org.faults import Entry, refusal
from app.settings.org.values import Line, Stated

OPENID = "openid"


def _check_issuer(text: str) -> str:
    url = urlsplit(text)
    is_safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or ""))
    if not url.hostname or not is_safe:
        raise refusal("is no https address", "Write the issuer exactly as the provider names it.")
    if url.query or url.fragment or url.username:
        raise refusal("holds more than host and path", "Write the issuer as the provider names it.")
    return text


def _check_scopes(scopes: list[str]) -> list[str]:
    if OPENID not in scopes:
        raise refusal(f"does not hold {OPENID}", f"Add {OPENID}, without which there is no proof.")
    return scopes


def _check_word(word: str) -> str:
    if any(mark.isspace() for mark in word):
        raise refusal("holds blanks", "Write one word an item.")
    return word


def _check_header(name: str) -> str:
    # What an underscore stands for, WSGI cannot tell from a dash.
    if not _HEADER.fullmatch(name):
        raise refusal("is no header's name", "Write letters, digits and dashes.")
    return name


def _check_keys(text: str) -> str:
    url = urlsplit(text)
    is_safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or ""))
    if not text.startswith("/") and not (is_safe and url.hostname):
        raise refusal(
            "is neither an https address nor the path of a file",
            "Write where the proxy publishes its keys (JWKS), or a path that begins with /.",
        )
    return text


_HEADER = re.compile("[A-Za-z][A-Za-z0-9-]{1,60}")
Word = Annotated[Line, AfterValidator(_check_word)]
Issuer = Annotated[Line, AfterValidator(_check_issuer)]
Way = Annotated[
    str,
    AfterValidator(lambda word: _one_of(word, [item.value for item in SignInWay])),
    Field(json_schema_extra={"enum": [item.value for item in SignInWay]}),
]
Source = Annotated[
    str,
    AfterValidator(lambda word: _one_of(word, [item.value for item in RolesFrom])),
    Field(json_schema_extra={"enum": [item.value for item in RolesFrom]}),
]


def _one_of(word: str, known: list[str]) -> str:
    if word not in known:
        raise refusal("is not known", f"Write one of {', '.join(known)}.")
    return word


class StepUpEntry(Entry):
    """`step_up`: what the provider must say of the proof that a big step asks for."""

    acr_values: list[Word] = Field(default=[])
    amr: list[Word] = Field(default=[])


class ProxyEntry(Entry):
    """`proxy`: the header in which a proxy says who came, signed, instead of a provider."""

    header: Annotated[Line, AfterValidator(_check_header)]
    keys: Annotated[Line, AfterValidator(_check_keys)]
    audience: Line


class ProviderEntry(Entry):
    """An item of `identity_providers`: a provider has a `client_id`, a proxy in front a `proxy`."""

    name: Line
    issuer: Issuer
    client_id: Stated[Line] = None
    proxy: Stated[ProxyEntry] = None
    scopes: Annotated[list[Word], AfterValidator(_check_scopes)] = Field(
        default=[OPENID, "email", "profile"]
    )
    name_claim: Word = "email"
    roles_claim: Word = "groups"
    verifies_emails: bool = False
    step_up: StepUpEntry = StepUpEntry()

    def to_provider(self, key: str) -> IdentityProvider:
        """The provider as the domain's object."""
        return IdentityProvider(
            key=key,
            name=self.name,
            issuer=self.issuer,
            client_id=(self.proxy.audience if self.proxy else self.client_id) or "",
            scopes=tuple(dict.fromkeys(self.scopes)),
            name_claim=self.name_claim,
            roles_claim=self._name_roles_claim(),
            acr_values=tuple(self.step_up.acr_values),
            amr=frozenset(self.step_up.amr),
            verifies_emails=self.verifies_emails,
            header=SignedHeader(self.proxy.header, self.proxy.keys) if self.proxy else None,
        )

    def _name_roles_claim(self) -> str:
        """Few proxies name roles, so that nothing is expected of one unless the file says so."""
        is_named = self.proxy is None or "roles_claim" in self.model_fields_set
        return self.roles_claim if is_named else ""
