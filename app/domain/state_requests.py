"""What somebody asks for who wakes, starts or stops a group: the only rules about its values."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.domain.acts import Act
from app.domain.messages import MESSAGES
from app.domain.requests import Reason, as_broken_rules

COMMANDS = (Act.WAKE, Act.START, Act.STOP)


def _known_command(value: str) -> str:
    if value not in COMMANDS:
        raise PydanticCustomError("command_unknown", MESSAGES["command_unknown"])
    return value


Command = Annotated[
    str,
    AfterValidator(_known_command),
    WithJsonSchema({"type": "string", "enum": [act.value for act in COMMANDS]}),
]


class StateRequest(BaseModel):
    """An act on the state of a group. `confirm_name` is the group's name, needed to stop it.

    Build it with `parse_state_request`.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    command: Command
    reason: Reason = ""
    confirm_name: str = ""

    @property
    def act(self) -> Act:
        """The act that the command stands for."""
        return Act(self.command)


def parse_state_request(values: dict[str, Any]) -> StateRequest:
    """A request out of named values. Raises BrokenRules with every problem found."""
    try:
        return StateRequest.model_validate(values)
    except ValidationError as error:
        raise as_broken_rules(error) from None
