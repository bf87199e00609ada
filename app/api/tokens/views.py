"""Listing the caller's tokens, and revoking one."""

import re

from flask import Response, request

from app.api.answers import answer
from app.api.credentials import header_caller
from app.api.errors import Malformed
from app.api.models import MessageAnswer
from app.api.tokens.models import TokenAnswer, TokensAnswer
from app.domain.access.permissions import Identity, Permission
from app.domain.tokens.token import TokenState
from app.http.current import portal
from app.services.tokens.service import ListedToken

TOKEN_ID = re.compile("[0-9a-f]{16}")


def list_tokens() -> Response:
    """The caller's own."""
    return answer(TokensAnswer(tokens=[_show(item) for item in portal().tokens.list_own(_who())]))


def revoke_token(token_id: str) -> Response:
    """Revoke one of them."""
    if not TOKEN_ID.fullmatch(token_id):
        raise Malformed(
            message="This is not the id of a token.", remedy="It has 16 characters, 0-9 and a-f."
        )
    portal().tokens.revoke_own(_who(is_write=True), token_id)
    return answer(MessageAnswer(message="The token was revoked."))


def _who(*, is_write: bool = False) -> Identity:
    warehouse = request.args.get("warehouse")
    return portal().callers.identify_in(warehouse, header_caller(), is_write=is_write)


def _show(item: ListedToken) -> TokenAnswer:
    token, scope = item.token, item.token.scope
    return TokenAnswer(
        id=token.mark,
        name=token.name,
        state=item.state,
        groups=sorted(scope.groups),
        permissions=[name for name in Permission if name in scope.permissions],
        may_confirm=scope.may_confirm,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at if item.state is TokenState.REVOKED else None,
    )
