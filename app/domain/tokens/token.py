"""A personal token: whose it is, what it may do at most, and until when it lives.

What it may do is, at every request, what its owner may do then, within its scope. Roles can only be
read with the owner's password: those that the last proof brought count for 7 days. After that the
token may do what the file of groups gives to the owner by name, and nothing else.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.access.permissions import Identity, TokenScope
from app.domain.clock import is_ahead

ROLES_COUNT_FOR = timedelta(days=7)
DEFAULT_DAYS = 30
MOST_DAYS = 90
MOST_OF_PERSON = 20
"""So many tokens of one person may live at a time."""


class TokenState(StrEnum):
    """Whether a token can be used, as far as it alone decides."""

    LIVING = "living"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Token:
    """One token. `owner` has the roles that were read at `proven_at`.

    `revoked_by` is who revoked it before its time, the owner or an administrator; empty where it
    had expired, and gave its name and its place free at `revoked_at`.
    """

    name: str
    owner: Identity
    scope: TokenScope
    created_at: datetime
    expires_at: datetime
    proven_at: datetime
    last_used_at: datetime | None = None
    recorded_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""

    @property
    def mark(self) -> str:
        """What lists and the audit log know it by: the beginning of its hash."""
        return self.scope.mark

    def state_at(self, now: datetime) -> TokenState:
        """Where the clock was set back, nobody knows how long it has lived: then it is expired."""
        if self.revoked_at is not None:
            return TokenState.REVOKED if self.revoked_by else TokenState.EXPIRED
        is_over = now >= self.expires_at or is_ahead(self.created_at, now)
        return TokenState.EXPIRED if is_over else TokenState.LIVING

    def identity_at(self, now: datetime) -> Identity:
        """The owner as far as the token speaks for them."""
        age = now - self.proven_at
        counts_roles = age < ROLES_COUNT_FOR and not is_ahead(self.proven_at, now)
        return replace(self.owner, scope=replace(self.scope, counts_roles=counts_roles))
