"""Whether somebody was asked again: claims that make no sense count as missing."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from app.domain.identity_providers import IdentityProvider
from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.values import VerifiedTokens
from app.services.sign_in.company_checks import check_fresh
from app.services.sign_in.company_flows import PROVE_AGAIN, Flow

BEGAN_AT = 1_790_000_000.0
ACME = IdentityProvider("acme", "Acme", "https://acme.test", "portal", (), "email", "groups")
STRICT = replace(ACME, acr_values=("gold",), amr=frozenset({"mfa"}))
GOOD = {"auth_time": BEGAN_AT, "acr": "gold", "amr": ["pwd", "mfa"]}


def check(claims: dict[str, Any]) -> None:
    """Judge these claims."""
    flow = Flow("analytics", "acme", PROVE_AGAIN, BEGAN_AT)
    check_fresh(VerifiedTokens(claims, SecretStr("")), flow, STRICT)


def test_what_is_demanded_is_enough() -> None:
    check(GOOD)
    check(GOOD | {"amr": [{}, "mfa"]})


@pytest.mark.parametrize(
    "claims",
    [
        {"auth_time": None},
        {"auth_time": "2999"},
        {"auth_time": True},
        {"amr": [{}]},
        {"amr": "mfa"},
        {"acr": ["gold"]},
        {"acr": None},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_missing(claims: dict[str, Any]) -> None:
    with pytest.raises(ProviderRefused) as caught:
        check(GOOD | claims)
    assert caught.value.refusal is ProviderRefusal.NOT_FRESH
