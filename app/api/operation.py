"""One operation of the JSON API, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

Model = type[BaseModel]


@dataclass(frozen=True)
class Parameter:
    """One parameter outside the body; `schema` is its JSON Schema."""

    name: str
    where: Literal["path", "query", "header"]
    meaning: str
    schema: Mapping[str, Any]
    is_required: bool = False


@dataclass(frozen=True)
class Operation:
    """One operation. `path` is written as OpenAPI does, `endpoint` is Flask's name of the route.

    `answers` gives the possible types of each status; `permission` says who may, in words.
    `takes_legacy_credentials`: the older service's ways to send name and password work too.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    endpoint: str
    summary: str
    permission: str
    request: Model | None
    answers: Mapping[int, tuple[Model, ...]]
    parameters: tuple[Parameter, ...] = ()
    takes_legacy_credentials: bool = False
    description: str = ""
    headers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def flask_rule(self) -> str:
        """The path as Flask writes it."""
        return self.path.replace("{", "<").replace("}", ">")
