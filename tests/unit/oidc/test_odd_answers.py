"""Whatever a provider answers, it is refused by its name, and nothing of it is a fault of ours."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
import responses
from hypothesis import example, given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import KeySet, RSAKey
from pydantic import SecretStr

from app.domain.identity_providers import IdentityProvider
from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.client import OidcClient
from app.oidc.documents import Documents, Metadata, parse_keys, parse_metadata
from app.oidc.exchange import get_json
from app.oidc.tokens import Expected, verify_token
from app.oidc.values import FlowSecrets
from tests.support.cloud_json import ANY_JSON, FEW
from tests.unit.builders import NOW

ISSUER, CLIENT, NONCE = "https://login.example.com", "portal", "a nonce"
ADDRESS = f"{ISSUER}/.well-known/openid-configuration"
TOKENS = f"{ISSUER}/token"
DEEP = "[" * 5000
SECONDS = NOW.timestamp()
RIGHT: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "a subject",
    "exp": SECONDS + 60,
    "iat": SECONDS,
    "nonce": NONCE,
}
NAMES = st.sampled_from([*RIGHT, "azp", "at_hash", "auth_time", "nbf", "amr", "acr"])
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": TOKENS,
    "jwks_uri": f"{ISSUER}/keys",
}


def signed(payload: str) -> str:
    """A token with this text for its claims, signed as it should be."""
    header = {"alg": "RS256", "kid": "one"}
    return str(jws.serialize_compact(header, payload.encode("utf-8", "replace"), KEY))


def claims_of(token: str) -> object:
    """What is made of it: claims, or why not."""
    expected = Expected(ISSUER, CLIENT, NONCE, "an access token")
    return outcome_of(lambda: verify_token(token, expected, lambda _: KeySet([KEY]), SECONDS))


def outcome_of(read: Callable[[], object]) -> object:
    """What is read, or why not."""
    try:
        return read()
    except ProviderRefused as refused:
        return refused.refusal


def test_a_right_token_is_taken() -> None:
    assert claims_of(signed(json.dumps(RIGHT))) == RIGHT


@pytest.mark.parametrize("payload", [DEEP, f'{{"sub": {DEEP}', "[]", "null", "1", "", "{"])
def test_claims_that_are_none_are_refused(payload: str) -> None:
    assert claims_of(signed(payload)) is ProviderRefusal.BAD_TOKEN


@pytest.mark.parametrize("header", [DEEP, f'{{"kid": {DEEP}', "[]", "null", "", "\ud800"])
def test_a_header_that_is_none_is_refused(header: str) -> None:
    text = urlsafe_b64encode(header.encode("utf-8", "replace")).rstrip(b"=").decode()
    assert claims_of(f"{text}.e30.e30") is ProviderRefusal.BAD_TOKEN


@given(changed=st.dictionaries(NAMES, ANY_JSON, max_size=3))
@example({"exp": float("inf")})
@example({"iat": float("nan")})
@settings(FEW)
def test_any_claims_are_taken_or_refused(changed: dict[str, Any]) -> None:
    found = claims_of(signed(json.dumps(RIGHT | changed)))
    assert found is ProviderRefusal.BAD_TOKEN or isinstance(found, dict)


@given(found=st.dictionaries(st.sampled_from([*METADATA, "keys"]), ANY_JSON))
@FEW
def test_any_document_is_taken_or_refused(found: dict[str, Any]) -> None:
    keys = outcome_of(lambda: parse_keys(found))
    metadata = outcome_of(lambda: parse_metadata(METADATA | found, ISSUER))
    assert keys is ProviderRefusal.MISCONFIGURED or isinstance(keys, KeySet)
    assert metadata is ProviderRefusal.MISCONFIGURED or isinstance(metadata, Metadata)


@responses.activate
@pytest.mark.parametrize("body", [DEEP, f'{{"issuer": {DEEP}', "[]", "null", "{", "9" * 5000])
def test_what_is_no_document_is_misconfigured(body: str) -> None:
    responses.get(ADDRESS, body=body)
    assert outcome_of(lambda: get_json(ADDRESS)) is ProviderRefusal.MISCONFIGURED


@responses.activate
@pytest.mark.parametrize("body", [DEEP, f'{{"id_token": {DEEP}', "[]", "null", "1", '"x"', "{"])
def test_what_is_no_answer_to_a_code_is_misconfigured(body: str) -> None:
    assert redeemed(body) is ProviderRefusal.MISCONFIGURED


@responses.activate
@pytest.mark.parametrize("name", ["expires_in", "expires_at"])
@pytest.mark.parametrize(
    "end", ["1e999", "-1e999", "NaN", "1e308", '"soon"', "[]", "{}", "9" * 400]
)
def test_an_answer_whose_end_is_odd_is_no_fault_of_ours(name: str, end: str) -> None:
    tokens = '"id_token": "a.b.c", "access_token": "x", "token_type": "Bearer"'
    refused = {ProviderRefusal.MISCONFIGURED, ProviderRefusal.BAD_TOKEN}
    assert redeemed(f'{{{tokens}, "{name}": {end}}}') in refused


def redeemed(body: str) -> object:
    """What becomes of a code that is answered so."""
    responses.post(TOKENS, body=body, content_type="application/json")
    provider = IdentityProvider("acme", "Acme", ISSUER, CLIENT, ("openid",), "email", "roles")
    client = OidcClient(Documents(read=lambda _: METADATA), {"acme": SecretStr("a secret")})
    flow = FlowSecrets("a state", NONCE, "v" * 43)
    back = "https://portal.example.com/back"
    return outcome_of(lambda: client.redeem(provider, flow, back, "a code", SECONDS))
