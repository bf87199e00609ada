"""The operations about personal tokens, as data. No operation makes one."""

from app.api.models import MessageAnswer
from app.api.operation import Operation, Parameter
from app.api.operation_parts import READ_FAULTS, WAREHOUSE, with_faults
from app.api.tokens.models import TokensAnswer

TOKEN_ID = Parameter(
    "token_id",
    "path",
    "The token's id, as the list shows it",
    {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    is_required=True,
)
FAULTS = (*READ_FAULTS, 422)

TOKEN_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/v1/tokens",
        endpoint="api.list_tokens",
        summary="List your personal tokens",
        permission="nothing: the list holds your own",
        request=None,
        answers=with_faults({200: (TokensAnswer,)}, FAULTS),
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
        answers=with_faults({200: (MessageAnswer,)}, FAULTS),
        parameters=(TOKEN_ID, WAREHOUSE),
        description="With a token: this token alone. One that is over stays as it is.",
    ),
)
