"""The manual page, made of what --help says: `python -m app.client.manual` prints it."""

from collections.abc import Iterator

import click

from . import VERSION
from .main import cgp

HEAD = f'.TH CGP 1 "" "cgp {VERSION}" "Compute group portal"'


def build_manual() -> str:
    """The page in roff. Equal at every call."""
    return "\n".join([HEAD, *_of_program(), *_of_commands(cgp, "cgp")]) + "\n"


def _of_program() -> Iterator[str]:
    yield ".SH NAME"
    yield "cgp \\- view and scale the compute groups of a portal"
    yield ".SH SYNOPSIS"
    yield ".B cgp\n.I COMMAND\n[OPTIONS] [ARGUMENTS]"
    yield ".SH DESCRIPTION"
    yield from _text(cgp.help or "")
    yield ".SH COMMANDS"


def _of_commands(group: click.Group, path: str) -> Iterator[str]:
    for name in sorted(group.commands):
        command = group.commands[name]
        if isinstance(command, click.Group):
            yield from _of_commands(command, f"{path} {name}")
        else:
            yield from _of_command(command, f"{path} {name}")


def _of_command(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path)
    yield f".SS {_plain(' '.join([path, *command.collect_usage_pieces(context)]))}"
    yield from _text(command.help or "")
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if record:
            yield ".TP"
            yield f".B {_plain(record[0])}"
            yield _plain(record[1])


def _text(words: str) -> Iterator[str]:
    for paragraph in words.split("\n\n"):
        lines = paragraph.strip("\n").splitlines()
        is_kept = bool(lines) and lines[0].strip() == "\b"
        yield ".PP"
        if is_kept:
            yield from (".nf", *map(_plain, lines[1:]), ".fi")
        else:
            yield from (_plain(line.strip()) for line in lines)


def _plain(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    click.echo(build_manual(), nl=False)
