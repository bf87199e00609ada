"""`identity_providers` of `configs/org_config.yaml`: the company's own sign-in by OpenID Connect.

The client secret is no part of the file: `PORTAL_OIDC_CLIENT_SECRETS` of the environment holds it.
"""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from app.domain.groups.group import is_loopback
from app.domain.identity_providers import IdentityProvider, RolesFrom, SignInWay
from app.settings.org.faults import Entry, refusal
from app.settings.org.values import Line

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


class ProviderEntry(Entry):
    """An item of `identity_providers`."""

    name: Line
    issuer: Issuer
    client_id: Line
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
            client_id=self.client_id,
            scopes=tuple(dict.fromkeys(self.scopes)),
            name_claim=self.name_claim,
            roles_claim=self.roles_claim,
            acr_values=tuple(self.step_up.acr_values),
            amr=frozenset(self.step_up.amr),
            verifies_emails=self.verifies_emails,
        )
