"""Tokens of a company's identity provider, published by design, as the services accept them."""

import base64
import hashlib
import json
from dataclasses import dataclass

from app.sandbox.world import ANALYTICS_ID, MARKETING_ID, User

ISSUER = "https://identity.sandbox.example"
FAR_AHEAD, LONG_AGO = 4_102_444_800, 1_577_836_800  # the years 2100 and 2020


@dataclass(frozen=True)
class Token:
    """A JSON Web Token of a person, known to all services of a warehouse."""

    sub: str
    warehouse_id: str
    roles: tuple[str, ...]
    expires_at: int = FAR_AHEAD

    @property
    def text(self) -> str:
        """The token as it is sent. Its signature proves nothing: the sandbox knows its own."""
        header = {"alg": "RS256", "typ": "JWT", "kid": "sandbox"}
        claims = {"iss": ISSUER, "sub": self.sub, "roles": list(self.roles), "exp": self.expires_at}
        claims["aud"] = self.warehouse_id
        signed = f"{_encode(json.dumps(header).encode())}.{_encode(json.dumps(claims).encode())}"
        return f"{signed}.{_encode(hashlib.sha256(signed.encode()).digest())}"

    @property
    def user(self) -> User:
        """The user that a service makes of it: another one for other roles."""
        return make_user(self.sub, self.roles)


def make_user(sub: str, roles: tuple[str, ...]) -> User:
    """The user that a service makes of somebody with these roles."""
    told = json.dumps([sub, *roles]).encode()
    return User(f"JWT::{sub}::{hashlib.sha256(told).hexdigest()[:16]}", "", roles)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


TOKENS = (
    Token("erin@sandbox.example", ANALYTICS_ID, ("analytics_operator",)),
    Token("erin@sandbox.example", ANALYTICS_ID, ("analytics_viewer",)),
    Token("frank@sandbox.example", ANALYTICS_ID, ()),
    Token("erin@sandbox.example", ANALYTICS_ID, ("analytics_operator",), LONG_AGO),
    Token("gail@sandbox.example", MARKETING_ID, ("marketing_operator",)),
)
