"""Commands that change a compute group for good."""

from collections.abc import Mapping
from typing import Any

import click

from ..context import Session, command, new_key
from ..exits import CommandError, Exit
from ..groups import find_group, path_of
from ..options import DRY_RUN, REASON, SENDING, options
from ..output import is_at_terminal, moment, print_details, size
from ..portal import Portal
from ..sizes import body_of, completed, size_options
from ..waiting import wait_for


@click.command()
@click.argument("group", metavar="GROUP")
@size_options
@options(REASON, DRY_RUN, *SENDING)
@command
def scale(
    session: Session,
    group: str,
    reason: str,
    dry_run: bool,
    wait: bool,
    timeout: int,
    idempotency_key: str | None,
    **sizes: Any,
) -> None:
    """Change the size of a compute group. What is not said stays as it is.

    \b
        cgp scale "Analytics primary" --min-memory 16 --max-memory 64 --wait
    """
    body_of(sizes, reason)  # before anything is asked
    found = find_group(session.portal, group)
    body, path = body_of(completed(found, sizes), reason), path_of(found, "/changes")
    if dry_run:
        preview(session, path, body)
        return
    told = session.portal.change(path, body, idempotency_key or new_key())
    finish(session, told, timeout if wait else None)


def _state_command(name: str, words: str) -> click.Command:
    @click.command(name, help=words)
    @click.argument("group", metavar="GROUP")
    @options(REASON, *SENDING)
    @command
    def run(session: Session, group: str, **given: Any) -> None:
        _change_state(session, find_group(session.portal, group), {"command": name}, given)

    return run


wake = _state_command("wake", "Wake an idle compute group.")
start = _state_command("start", "Start a stopped compute group.")


@click.command()
@click.argument("group", metavar="GROUP")
@click.option("--confirm", metavar="NAME", help="The name of the group, to stop it unasked.")
@options(REASON, *SENDING)
@command
def stop(session: Session, group: str, confirm: str | None, **given: Any) -> None:
    """Stop a compute group. Its queries fail until somebody starts it.

    The token needs a scope that allows what asks for the password.
    """
    found = find_group(session.portal, group)
    if confirm is None:
        if not is_at_terminal():
            raise CommandError(
                "A stop needs --confirm with the name of the group.", Exit.USAGE, "not_confirmed"
            )
        confirm = str(
            click.prompt(f"Type the name of the group to stop it ({found['name']})", err=True)
        )
    _change_state(session, found, {"command": "stop", "confirm_name": confirm}, given)


def _change_state(
    session: Session, group: Mapping[str, Any], body: dict[str, Any], given: Mapping[str, Any]
) -> None:
    if given["reason"]:
        body["reason"] = given["reason"]
    key = given["idempotency_key"] or new_key()
    told = session.portal.change(path_of(dict(group), "/state"), body, key)
    finish(session, told, given["timeout"] if given["wait"] else None)


def finish(session: Session, told: dict[str, Any], timeout: int | None) -> None:
    """Print what became of a change, after waiting for it where there is a time to."""
    if "reference" not in told:
        session.show({"message": told["message"]}, lambda: click.echo(told["message"]))
        return
    change = told if timeout is None else wait_for(session.portal, told["reference"], timeout)
    session.show({"change": change}, lambda: print_details(details_of(change)))


def details_of(change: Mapping[str, Any]) -> dict[str, object]:
    """A change for people."""
    return {
        "Change": change["reference"],
        "What": change["act"],
        "From": change["before"] and size(change["before"]),
        "To": change["target"] and size(change["target"]),
        "State": change["state"],
        "Effect": change["effect"],
        "Note": change["note"],
        "When": moment(change["created_at"]),
    }


def preview(session: Session, path: str, body: Mapping[str, Any]) -> None:
    """Print what would happen; nothing is sent to Cloud."""
    told = dry(session.portal, path, body)
    if "will_be" not in told:
        session.show({"message": told["message"]}, lambda: click.echo(told["message"]))
        return
    details = {
        "From": size(told["was"]),
        "To": size(told["will_be"]),
        "Asks for the password": "yes" if told["needs_fresh_proof"] else "no",
    }
    details |= {f"Consequence {n}": text for n, text in enumerate(told["consequences"], 1)}
    session.show({"preview": told}, lambda: print_details(details))


def dry(portal: Portal, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the portal says of a change that is not made."""
    told: dict[str, Any] = portal.send("POST", path, dict(body) | {"dry_run": True})
    return told
