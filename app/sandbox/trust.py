"""The identity providers that the services of a warehouse trust, as Cloud is told in its console.

Their tokens are verified as ClickHouse does it: by a published key, with issuer and lifetime.
"""

import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.sandbox.tokens import make_user
from app.sandbox.world import User

MOST_PROVIDERS = 5
"""For each service, as ClickHouse Cloud documents it."""

ALGORITHMS = ["RS256", "ES256"]
ANSWER_SECONDS = 3.0


@dataclass(frozen=True)
class TrustedProvider:
    """One provider of a warehouse. `roles_claim` of its access tokens names the enabled roles."""

    issuer: str
    jwks_uri: str
    warehouse_id: str
    roles_claim: str = "roles"


@dataclass
class TrustedProviders:
    """All of them, and the roles that were changed at ClickHouse itself, by subject."""

    providers: list[TrustedProvider] = field(default_factory=list)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, provider: TrustedProvider) -> bool:
        """TrustedProviders one more, or one anew; False if there are too many."""
        kept = [item for item in self.providers if item.issuer != provider.issuer]
        of_warehouse = [item for item in kept if item.warehouse_id == provider.warehouse_id]
        if len(of_warehouse) >= MOST_PROVIDERS:
            return False
        self.providers = [*kept, provider]
        return True

    def find_user(self, warehouse_id: str, text: str) -> User | None:
        """The user of a token; None where no provider of the warehouse has signed it for now."""
        for provider in self.providers:
            if provider.warehouse_id != warehouse_id:
                continue
            claims = _verify(provider, text)
            if claims is not None:
                return self._make_user(provider, claims)
        return None

    def _make_user(self, provider: TrustedProvider, claims: dict[str, Any]) -> User:
        sub = str(claims["sub"])
        named = claims.get(provider.roles_claim, [])
        told = tuple(item for item in named if isinstance(item, str))
        return make_user(sub, self.roles.get(sub, told))


def _verify(provider: TrustedProvider, text: str) -> dict[str, Any] | None:
    try:
        keys = KeySet.import_key_set(_read_keys(provider.jwks_uri))
        claims = jwt.decode(text, keys, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, OSError):
        return None
    is_living = isinstance(claims.get("exp"), int) and claims["exp"] > time.time()
    is_theirs = claims.get("iss") == provider.issuer and isinstance(claims.get("sub"), str)
    return claims if is_living and is_theirs else None


def _read_keys(address: str) -> Any:  # noqa: ANN401 - whatever the provider publishes
    with urllib.request.urlopen(address, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - of this machine
        return json.loads(answer.read())
