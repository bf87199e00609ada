"""Whether a token was signed by the provider, for this portal, for now.

Rules of OpenID Connect Core 1.0 (section 3.1.3.7) and RFC 8725; a token that breaks one of them is
refused whatever else it says.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.values import LEEWAY_SECONDS

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
"""Signatures by a private key alone: never `none`, and never a secret that both sides know."""

OTHER_KINDS = "+jwt"
"""How the header's `typ` ends where a token is no ID token: `at+jwt`, `logout+jwt` and such (RFC
8725, section 3.11). An ID token has `JWT` there, or nothing."""

MAX_TOKEN_CHARACTERS = 32_768
LONGEST_SUBJECT = 255

log = logging.getLogger("portal.oidc")


@dataclass(frozen=True)
class Expected:
    """What a token must say. `nonce` is None where none was sent, as in a proxy's assertion."""

    issuer: str
    audience: str
    nonce: str | None = None
    access_token: str | None = None


def verify_token(
    text: str, expected: Expected, find_keys: Callable[[str | None], KeySet], now: float
) -> Mapping[str, Any]:
    """The claims of a token. Raises ProviderRefused; the log gets the rule that was broken."""
    try:
        return _verify(text, expected, find_keys, int(now))
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        broken = getattr(error, "error", type(error).__name__)
        claim = getattr(error, "claim", "")
        log.warning("a token of %s was refused: %s %s", expected.issuer, broken, claim)
        raise ProviderRefused(ProviderRefusal.BAD_TOKEN) from None


def _verify(
    text: str, expected: Expected, find_keys: Callable[[str | None], KeySet], now: int
) -> Mapping[str, Any]:
    if len(text) > MAX_TOKEN_CHARACTERS:
        raise ValueError
    header = extract_compact(text.encode("ascii")).headers()
    kid = header.get("kid")
    if header.get("alg") not in ALGORITHMS or not isinstance(kid, str | None):
        raise ValueError
    if str(header.get("typ", "")).lower().endswith(OTHER_KINDS):
        raise ValueError
    keys = find_keys(kid)
    if kid is not None and not any(key.kid == kid for key in keys.keys):
        raise ValueError
    token = jwt.decode(text, keys, algorithms=list(ALGORITHMS))
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.audience},
        },
        params={
            "client_id": expected.audience,
            "nonce": expected.nonce,
            "access_token": expected.access_token,
        },
    )
    claims.validate(now=now, leeway=LEEWAY_SECONDS)
    _check_times(claims, now)
    return dict(claims)


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    """Beside what the library looks at: numbers are numbers, and nothing was made in the future."""
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ValueError
    for name in ("exp", "iat", "nbf", "auth_time"):
        value = claims.get(name)
        if value is None and name in {"nbf", "auth_time"}:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
    if claims["exp"] <= now - LEEWAY_SECONDS or claims["iat"] > now + LEEWAY_SECONDS:
        raise ValueError
    if claims.get("nbf", now) > now + LEEWAY_SECONDS:
        raise ValueError
