"""Shortcuts shared by the tests of the credential check."""

import pytest
from pydantic import SecretStr

from app.clickhouse.login import ClickHouseLogin
from app.errors import CredentialRefusal, CredentialsRefused

ENDPOINT_URL = "https://group.example.test:8443/"
PASSWORD = "k3ep-m3-s3cret"


def get_refusal(
    *,
    endpoint_url: str = ENDPOINT_URL,
    user: str = "alice",
    password: str = PASSWORD,
    is_waking: bool = False,
    verifier: ClickHouseLogin | None = None,
) -> CredentialRefusal:
    """Check, expect a refusal, and return its reason."""
    with pytest.raises(CredentialsRefused) as caught:
        (verifier or ClickHouseLogin()).verify(
            endpoint_url=endpoint_url,
            user=user,
            password=SecretStr(password),
            is_waking=is_waking,
        )
    return caught.value.refusal
