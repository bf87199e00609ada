"""What a sound provider never sends: its own tokens with other claims, keys or algorithms."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptojwt.jwk.hmac import SYMKey
from cryptojwt.jws.jws import JWS, factory
from cryptojwt.key_bundle import build_key_bundle
from cryptojwt.key_jar import KeyJar


def tampered(token: str, orders: Mapping[str, Any], keyjar: KeyJar) -> str:
    """The token with the claims of `orders`; signed anew as they say.

    `sign`: `none`, `secret` (HMAC with what both sides know), `stranger` (a key that nobody
    publishes); otherwise the provider's own key. None takes a claim away. `typ`: what the header
    says that it is. `instead`: another token, as it is.
    """
    if "instead" in orders:
        return str(orders["instead"])
    claims = factory(token).jwt.payload() | dict(orders.get("claims", {}))
    for name, seconds in orders.get("shifts", {}).items():
        claims[name] = int(time.time()) + seconds
    claims = {name: value for name, value in claims.items() if value is not None}
    how = orders.get("sign")
    if how == "none":
        return f"{_encode({'alg': 'none'})}.{_encode(claims)}."
    if how == "secret":
        return str(JWS(claims, alg="HS256").sign_compact([SYMKey(key=orders["secret"])]))
    own = [key for key in keyjar.get_signing_key("RSA", "") if key.kid]
    if how == "stranger":
        stranger = build_key_bundle([{"type": "RSA", "use": ["sig"]}]).keys()[0]
        stranger.kid = own[0].kid
        return str(JWS(claims, alg="RS256").sign_compact([stranger]))
    return str(JWS(claims, alg="RS256", typ=orders.get("typ", "JWT")).sign_compact(own))


def _encode(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
