"""What a person of a company is called: an address names somebody once it is verified."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.identity_providers import IdentityProvider
from app.errors import ProviderRefusal, ProviderRefused
from app.services.sign_in.company_roles import read_name

ACME = IdentityProvider("acme", "Acme", "https://acme.test", "portal", (), "email", "groups")
SURE = replace(ACME, verifies_emails=True)
ERIN: dict[str, Any] = {"email": "erin@acme.test"}


@pytest.mark.parametrize(
    ("provider", "more"), [(ACME, {"email_verified": True}), (SURE, {}), (SURE, {"name": "Erin"})]
)
def test_a_verified_address_is_a_name(provider: IdentityProvider, more: dict[str, Any]) -> None:
    assert read_name(ERIN | more, provider) == "acme:erin@acme.test"


@pytest.mark.parametrize(
    ("provider", "more"),
    [
        (ACME, {}),
        (ACME, {"email_verified": False}),
        (ACME, {"email_verified": "true"}),
        (ACME, {"email_verified": None}),
        (SURE, {"email_verified": False}),
        (SURE, {"email_verified": "true"}),
    ],
)
def test_any_other_address_names_nobody(provider: IdentityProvider, more: dict[str, Any]) -> None:
    with pytest.raises(ProviderRefused) as refusal:
        read_name(ERIN | more, provider)
    assert refusal.value.refusal is ProviderRefusal.NO_NAME


def test_another_claim_needs_no_such_word() -> None:
    by_name = replace(ACME, name_claim="preferred_username")
    assert read_name({"preferred_username": "erin"}, by_name) == "acme:erin"
