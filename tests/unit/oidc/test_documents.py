"""The addresses that metadata may name."""

import pytest

from app.errors import ProviderRefused
from app.oidc.documents import Metadata, parse_metadata

NAMES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def parse(issuer: str, base: str) -> Metadata:
    """The metadata of an issuer whose endpoints are all below `base`."""
    return parse_metadata({"issuer": issuer, **dict.fromkeys(NAMES, f"{base}/x")}, issuer)


@pytest.mark.parametrize("host", ["127.0.0.1:8123", "localhost", "[::1]"])
def test_a_remote_issuer_names_nothing_on_this_machine(host: str) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(ProviderRefused):
            parse("https://login.example.com", f"{scheme}://{host}")


def test_an_issuer_on_this_machine_may() -> None:
    host = "http://127.0.0.1:9000"
    assert parse(host, host).token_endpoint == f"{host}/x"
    assert parse("https://login.example.com", "https://api.example.com").jwks_uri
