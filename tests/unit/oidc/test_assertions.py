"""What a proxy in front has signed counts until the end that it names."""

import json

import pytest
from joserfc import jws
from joserfc.jwk import RSAKey

from app.domain.identity_providers import IdentityProvider, SignedHeader
from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.client import OidcClient
from app.oidc.documents import Documents
from app.oidc.values import LEEWAY_SECONDS, VerifiedTokens
from tests.unit.builders import NOW

TEAM = "https://acme.cloudflareaccess.com"
HEADER = SignedHeader("Cf-Access-Jwt-Assertion", f"{TEAM}/cdn-cgi/access/certs")
PROVIDER = IdentityProvider("acme", "Acme", TEAM, "portal", (), "email", "", header=HEADER)
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
SIGNED_AT, DAY_SECONDS = int(NOW.timestamp()), 86_400


def verify(age_seconds: int) -> VerifiedTokens:
    """So long after the person signed in at the proxy, whose session lasts for a day."""
    claims = {
        "aud": ["portal"],
        "iss": TEAM,
        "sub": "a subject",
        "email": "erin@acme.test",
        "iat": SIGNED_AT,
        "nbf": SIGNED_AT,
        "exp": SIGNED_AT + DAY_SECONDS,
        "type": "app",
    }
    text = jws.serialize_compact({"alg": "RS256", "kid": "one"}, json.dumps(claims).encode(), KEY)
    documents = Documents(read=lambda _: {"keys": [KEY.as_dict(private=False)]})
    now = float(SIGNED_AT + age_seconds)
    return OidcClient(documents, {}).verify_assertion(PROVIDER, HEADER, str(text), now)


@pytest.mark.parametrize("age_seconds", [0, 3600, DAY_SECONDS - 1])
def test_what_cloudflare_access_signed_at_its_sign_in_counts_until_its_end(
    age_seconds: int,
) -> None:
    assert verify(age_seconds).claims["email"] == "erin@acme.test"


@pytest.mark.parametrize("age_seconds", [DAY_SECONDS + LEEWAY_SECONDS, -LEEWAY_SECONDS - 1])
def test_before_and_after_it_counts_for_nothing(age_seconds: int) -> None:
    with pytest.raises(ProviderRefused) as caught:
        verify(age_seconds)
    assert caught.value.refusal is ProviderRefusal.BAD_TOKEN
