"""What is printed: tables for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

COLOURS = {"running": "green", "applied": "green", "active": "green", "idle": "yellow"}
FAULTS = {"rejected", "failed", "unknown", "degraded", "revert_failing"}


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object; what is not known is left out."""
    click.echo(json.dumps(known(value), indent=2, ensure_ascii=False))


def known(value: Any) -> Any:
    """The same without anything that is null, at any depth."""
    if isinstance(value, Mapping):
        return {name: known(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [known(item) for item in value if item is not None]
    return value


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns under their names; nothing but the names where there are no rows."""
    texts = [[plain(cell) for cell in row] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(head, *texts, strict=True)]
    click.echo(click.style(_line(head, widths), bold=True))
    for row in texts:
        click.echo(_line([_coloured(text, width) for text, width in zip(row, widths, strict=True)]))


def print_details(details: Mapping[str, object]) -> None:
    """Names and values, one in a line; what is not known is left out."""
    shown = {name: plain(value) for name, value in details.items() if value or value == 0}
    width = max((len(name) for name in shown), default=0)
    for name, text in shown.items():
        click.echo(f"{click.style(name.ljust(width), bold=True)}  {_coloured(text, 0)}")


def tell(message: str) -> None:
    """Say to people how things go, beside what the command prints."""
    click.echo(plain(message), err=True)


def plain(value: object) -> str:
    """Text without anything that steers a terminal."""
    text = "-" if value is None else str(value)
    return "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)


def moment(text: str | None) -> str:
    """A moment of the portal's in local time."""
    if not text:
        return "-"
    local = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone()
    return local.strftime("%Y-%m-%d %H:%M")


def size(config: Mapping[str, Any] | None) -> str:
    """A size in words: “3 x 16-32 GB, idles after 15 min”."""
    if not config:
        return "-"
    memory = _range(config["min_memory_gb"], config["max_memory_gb"])
    replicas = _range(config["min_replicas"], config["max_replicas"])
    timeout = config.get("idle_timeout_minutes")
    idling = f"idles after {timeout} min" if timeout else "idles"
    return f"{replicas} x {memory} GB, {idling if config['idle_scaling'] else 'never idles'}"


def is_at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _range(least: object, most: object) -> str:
    return f"{least}" if least == most else f"{least}-{most}"


def _line(cells: Sequence[str], widths: Sequence[int] | None = None) -> str:
    padded = [
        cell.ljust(width) for cell, width in zip(cells, widths or [0] * len(cells), strict=True)
    ]
    return "  ".join(padded).rstrip()


def _coloured(text: str, width: int) -> str:
    padded = text.ljust(width)
    colour = "red" if text in FAULTS else COLOURS.get(text)
    return click.style(padded, fg=colour) if colour else padded
