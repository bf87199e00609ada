"""The one administrator, who is no ClickHouse user."""

import hashlib
import hmac
from dataclasses import dataclass

from pydantic import SecretStr
from werkzeug.security import check_password_hash

from app.domain.access.permissions import Identity

NO_WAREHOUSE = ""
"""Administrators belong to no warehouse, so no rule speaks of them."""


@dataclass(frozen=True)
class Administrator:
    """The administrator's name and the hash of the password (werkzeug's scrypt format)."""

    username: str
    password_hash: SecretStr

    def is_proven(self, username: str, password: SecretStr) -> bool:
        """Whether these are the administrator's. Takes long, so throttle it before."""
        # The hash is computed for a wrong name too, so that both take the same time.
        stored = self.password_hash.get_secret_value()
        is_right = check_password_hash(stored, password.get_secret_value())
        return is_right and hmac.compare_digest(username.encode(), self.username.encode())

    @property
    def identity(self) -> Identity:
        """Who the administrator is in sessions; another one as soon as the password is changed."""
        # The mark tells nothing of the hash that it is made of.
        secret = self.password_hash.get_secret_value()
        mark = hashlib.sha256(secret.encode()).hexdigest()[:16]
        return Identity(NO_WAREHOUSE, self.username, frozenset({mark}))
