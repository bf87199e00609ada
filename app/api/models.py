"""What every answer of the JSON API is, as types; each capability has its own in its `models`."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """What every answer is: complete, and nothing besides what is described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MessageAnswer(Answer):
    """What happened, in one sentence."""

    message: str


class ProblemEntry(Answer):
    """One broken rule: the field, the rule's stable code, and the sentence."""

    field: str
    code: str
    message: str


class ProblemAnswer(Answer):
    """Why something was not done (RFC 9457). `code` is the stable name for programs.

    `request_id` finds the portal's own log lines, `cloud_request_id` those of ClickHouse Cloud.
    `retry_after` is in seconds, as the header of that name.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None
    errors: list[ProblemEntry]
    change_reference: str | None = None
    cloud_request_id: str | None = None
    retry_after: int | None = None
