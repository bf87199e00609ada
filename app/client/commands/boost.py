"""A size that ends by itself."""

from collections.abc import Mapping
from typing import Any

import click

from ..context import Session, command, new_key
from ..exits import CommandError, Exit
from ..groups import find_group, path_of
from ..options import DRY_RUN, DURATION, REASON, SENDING, minutes_of, options
from ..output import moment, print_details, size
from ..sizes import body_of, completed, raised, said, size_options
from ..waiting import wait_for
from .change import preview


@click.command()
@click.argument("group", metavar="GROUP")
@click.option(
    "--memory", "memory_gb", type=int, metavar="GB", help="At least so much for each replica."
)
@size_options
@click.option("--for", "seconds", type=DURATION, help="How long, such as 2h.")
@click.option("--end", is_flag=True, help="End the boost that the group has now.")
@options(REASON, DRY_RUN, *SENDING)
@command
def boost(
    session: Session,
    group: str,
    memory_gb: int | None,
    seconds: int | None,
    end: bool,
    reason: str,
    dry_run: bool,
    wait: bool,
    timeout: int,
    idempotency_key: str | None,
    **sizes: Any,
) -> None:
    """Make a compute group larger for a while. The portal goes back by itself.

    \b
        cgp boost "Analytics primary" --memory 64 --for 2h
        cgp boost "Analytics primary" --end
    """
    found = find_group(session.portal, group)
    if end:
        _show(session, end_boost(session, found, _current(found)))
        return
    if seconds is None:
        raise CommandError("Say how long with --for, such as --for 2h.", Exit.USAGE, "no_duration")
    wanted = (raised(found, memory_gb) if memory_gb else {}) | said(sizes)
    body = body_of(completed(found, wanted), reason) | {"minutes": minutes_of(seconds)}
    if dry_run:
        preview(session, path_of(found, "/boosts"), body)
        return
    told = session.portal.change(path_of(found, "/boosts"), body, idempotency_key or new_key())
    if "reference" in told and wait:
        wait_for(session.portal, told["change_reference"], timeout)
        told = session.portal.get(path_of(found, f"/boosts/{told['reference']}"))
    _show(session, told)


def end_boost(session: Session, group: dict[str, Any], reference: str) -> dict[str, Any]:
    """End it now; twice is no error."""
    told: dict[str, Any] = session.portal.send("DELETE", path_of(group, f"/boosts/{reference}"))
    return told


def _current(group: Mapping[str, Any]) -> str:
    if not group["boost"]:
        raise CommandError(f"“{group['name']}” has no boost now.", Exit.REFUSED, "no_boost")
    return str(group["boost"]["reference"])


def _show(session: Session, told: dict[str, Any]) -> None:
    if "reference" not in told:
        session.show({"message": told["message"]}, lambda: click.echo(told["message"]))
        return
    details = {
        "Boost": told["reference"],
        "State": told["state"],
        "Size": size(told["asked"]),
        "Goes back to": size(told["before"]),
        "Ends": moment(told["ends_at"]),
        "Can last until": moment(told["latest_end"]),
        "Note": told["note"],
    }
    session.show({"boost": told}, lambda: print_details(details))
