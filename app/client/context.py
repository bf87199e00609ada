"""What the commands share: the portal, what is printed, and how they end."""

import functools
import json
import os
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import click

from .exits import CommandError
from .output import known, print_json, tell
from .portal import Portal
from .settings import load_settings


@dataclass(frozen=True)
class Session:
    """One call of the command."""

    portal: Portal
    is_json: bool

    def show(self, value: Mapping[str, Any], for_people: Callable[[], None]) -> None:
        """Print a result in the form that was asked for."""
        if self.is_json:
            print_json(value)
        else:
            for_people()


def command(view: Callable[..., None]) -> Callable[..., None]:
    """A command that speaks to the portal, and ends with the code of what stood in its way."""

    @click.option("--json", "is_json", is_flag=True, help="Print JSON instead of a table.")
    @functools.wraps(view)
    def run(*, is_json: bool, **given: Any) -> None:
        try:
            view(Session(Portal(load_settings(os.environ)), is_json), **given)
        except CommandError as error:
            end(error, is_json=is_json)

    return run


def end(error: CommandError, *, is_json: bool) -> NoReturn:
    """Say what stood in the way, and exit."""
    if is_json:
        told = {"code": error.code, "message": error.message, "exit_code": int(error.exit_code)}
        text = json.dumps({"error": known(told | error.details)}, ensure_ascii=False)
        click.echo(text, err=True)
    else:
        tell(f"cgp: {error.message}")
    sys.exit(int(error.exit_code))


def new_key() -> str:
    """An idempotency key for one change, however often it is sent."""
    return f"cgp-{uuid.uuid4()}"
