"""What one flow at a provider is made of, without the libraries that carry it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

LEEWAY_SECONDS = 30
"""How far the clocks of a provider and of this machine may be apart."""


@dataclass(frozen=True)
class FlowSecrets:
    """What one flow sends and expects back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class VerifiedTokens:
    """Who the provider says came. `access_token` is for ClickHouse and for nobody else."""

    claims: Mapping[str, Any]
    access_token: SecretStr
