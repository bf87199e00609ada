"""A company's own sign-in: the provider that a warehouse trusts, and what its people are called.

A person of a provider is known by (issuer, subject). In the portal that person has one name for
good, `<key of the provider>:<claim>`, which no ClickHouse user of the warehouse can take: passwords
are never checked for a name that begins so.
"""

from dataclasses import dataclass
from enum import StrEnum


class SignInWay(StrEnum):
    """How people of a warehouse sign in."""

    PASSWORD = "password"  # noqa: S105 - a way, and no password
    OIDC = "oidc"
    BOTH = "both"


class RolesFrom(StrEnum):
    """Who says which roles somebody has who came by the company's sign-in."""

    CLICKHOUSE = "clickhouse"
    CLAIM = "claim"


@dataclass(frozen=True)
class SignedHeader:
    """Where a proxy in front says who came: a JSON Web Token in this header.

    `keys` is the https address of its published keys, or the path of a file with them.
    """

    name: str
    keys: str


@dataclass(frozen=True)
class IdentityProvider:
    """An OpenID provider, or a proxy with a signed header, as the file of groups describes it.

    `name` is for people. `verifies_emails`: every address that it names is verified, though it does
    not say so of each. Where somebody has to prove themselves again, `acr_values` are asked for,
    and one of them must be answered; so must every one of `amr`. `client_id` is the audience of its
    tokens. An empty `roles_claim`: it names no roles.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    scopes: tuple[str, ...]
    name_claim: str
    roles_claim: str
    acr_values: tuple[str, ...] = ()
    amr: frozenset[str] = frozenset()
    verifies_emails: bool = False
    header: SignedHeader | None = None

    @property
    def prefix(self) -> str:
        """What the names of its people begin with."""
        return f"{self.key}:"
