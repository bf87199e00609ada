"""What the JSON API gives about personal tokens, as types. Times are UTC."""

from datetime import datetime

from pydantic import Field

from app.api.models import Answer
from app.domain.access.permissions import Permission
from app.domain.tokens.token import TokenState


class TokenAnswer(Answer):
    """One token; the token itself is never shown again.

    `may_confirm`: it may also do what asks a person for the password.
    """

    id: str = Field(pattern="^[0-9a-f]{16}$")
    name: str
    state: TokenState
    groups: list[str] = Field(description="Ids of the services in its scope")
    permissions: list[Permission]
    may_confirm: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokensAnswer(Answer):
    """The caller's tokens, the latest first, with those that were over within 30 days."""

    tokens: list[TokenAnswer]
