"""The options that several commands share, and lengths of time as people type them.

90s, 45m, 2h, 1d; a bare number is minutes.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
FORM = re.compile(r"([0-9]{1,6})([smhd]?)")


if TYPE_CHECKING:
    Seconds = click.ParamType[int]
else:
    Seconds = click.ParamType  # which takes no type in brackets before click 8.4


class Duration(Seconds):
    """A length of time in seconds."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read it."""
        if isinstance(value, int):
            return value
        match = FORM.fullmatch(str(value).strip())
        seconds = int(match[1]) * UNITS[match[2] or "m"] if match else 0
        if not seconds:
            self.fail("Enter a length of time such as 45m or 2h.", param, ctx)
        return seconds


DURATION = Duration()


def minutes_of(seconds: int) -> int:
    """In whole minutes, as the portal counts, at least one."""
    return max(1, -(-seconds // 60))


WAITING = (
    click.option("--wait", is_flag=True, help="Wait until the change is in effect."),
    click.option(
        "--timeout",
        type=DURATION,
        default="10m",
        show_default=True,
        help="How long to wait at most.",
    ),
)
SENDING = (
    *WAITING,
    click.option("--idempotency-key", help="The same key and request lead to the same change."),
)
REASON = click.option("--reason", default="", help="Why, for others to read.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Only say what would happen.")


def options(*given: Callable[[F], F]) -> Callable[[F], F]:
    """Several options at once, in their order."""

    def add(view: F) -> F:
        for option in reversed(given):
            view = option(view)
        return view

    return add
