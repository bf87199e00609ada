"""The operations about personal tokens, as data. No operation makes one."""

from app.api.models import MessageAnswer
from app.api.operation import Operation, Parameter
from app.api.operation_parts import QUERY_FAULTS, WAREHOUSE, reading, with_faults
from app.api.tokens.models import TokensAnswer

TOKEN_ID = Parameter(
    "token_id",
    "path",
    "The token's id, as the list shows it",
    {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    is_required=True,
)

TOKEN_OPERATIONS: tuple[Operation, ...] = (
    reading(
        path="/api/v1/tokens",
        endpoint="api.list_tokens",
        summary="List your personal tokens",
        permission="nothing: the list holds your own",
        answer=TokensAnswer,
        faults=QUERY_FAULTS,
        parameters=(WAREHOUSE,),
        description="With a token: this token alone.",
    ),
    Operation(
        method="DELETE",
        path="/api/v1/tokens/{token_id}",
        endpoint="api.revoke_token",
        summary="Revoke one of your personal tokens",
        permission="nothing: it must be your own",
        request=None,
        answers=with_faults({200: (MessageAnswer,)}, QUERY_FAULTS),
        parameters=(TOKEN_ID, WAREHOUSE),
        description="With a token: this token alone. One that is over stays as it is.",
    ),
)
