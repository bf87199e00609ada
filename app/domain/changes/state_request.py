"""What somebody asks for who wakes, starts or stops a group: the only rules about its values."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.domain.changes.actions import Action
from app.domain.changes.scaling_request import Reason, as_broken_rules
from app.domain.messages import MESSAGES

COMMANDS = (Action.WAKE, Action.START, Action.STOP)


def _known_command(value: str) -> str:
    if value not in COMMANDS:
        raise PydanticCustomError("command_unknown", MESSAGES["command_unknown"])
    return value


Command = Annotated[
    str,
    AfterValidator(_known_command),
    WithJsonSchema({"type": "string", "enum": [action.value for action in COMMANDS]}),
]


class StateRequest(BaseModel):
    """An action on the state of a group. `confirm_name` is the group's name, needed to stop it.

    Build it with `parse_state_request`.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    command: Command
    reason: Reason = ""
    confirm_name: str = ""

    @property
    def action(self) -> Action:
        """The action that the command stands for."""
        return Action(self.command)


def parse_state_request(values: Mapping[str, Any]) -> StateRequest:
    """A request out of named values. Raises BrokenRules with every problem found."""
    try:
        return StateRequest.model_validate(dict(values))
    except ValidationError as error:
        raise as_broken_rules(error) from None
