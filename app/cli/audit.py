"""`flask --app wsgi audit …`: prove the audit log, copy it, and cut off what is old."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from app.context import RequestContext, in_context
from app.domain.audit.anchor import WORDS, AnchorState
from app.domain.audit.chain import Report
from app.domain.audit.event_search import EventFilter
from app.domain.audit.events import Actor, Channel, Origin
from app.errors import StoreUnavailable
from app.services.audit.export import FORMATS
from app.services.audit.log import AuditLog
from app.services.portal import Portal

BROKEN = 1
"""Exit code when the chain does not hold, or the audit log cannot be read."""


def _days(_context: click.Context, _option: click.Parameter, value: str) -> timedelta:
    """The time that a text such as 400d stands for."""
    count = value.removesuffix("d")
    if value == count or not (count.isascii() and count.isdecimal()) or len(count) > 5:
        raise click.BadParameter("Write a number of days, such as 400d.")
    return timedelta(days=int(count))


@click.group("audit")
def audit() -> None:
    """Prove, copy and prune the audit log."""


@contextmanager
def _open_portal() -> Iterator[Portal]:
    """The use cases, with a plain line about records that cannot be read or written."""
    portal: Portal = current_app.extensions["portal"]
    try:
        with in_context(RequestContext(Origin(Channel.COMMAND))):
            yield portal
    except StoreUnavailable as error:
        click.echo(f"The audit log cannot be used. {error.message}", err=True)
        raise SystemExit(BROKEN) from None


@contextmanager
def _open_audit_log() -> Iterator[AuditLog]:
    with _open_portal() as portal:
        yield portal.audit_log


@audit.command("verify")
@click.option("--expect", metavar="SEQ:HASH", help="An event or anchor as it was shipped.")
@with_appcontext
def verify(expect: str | None) -> None:
    """Follow the chain, look for the event that the anchor names, and compare with the ledger."""
    with _open_audit_log() as audit_log:
        report = _verified(audit_log)
        if expect and not audit_log.holds(expect):
            raise _broken(f"the audit_log does not hold the event {expect}.")
        anchor, ledger = _check_anchor(audit_log), audit_log.check_ledger()
    if ledger.mismatches:
        count = f"{ledger.mismatches} differences between ledger and audit log"
        raise _broken(f"{count}; the first: {ledger.first}.")
    click.echo(f"The chain of {report.count} events holds.")
    click.echo(WORDS[anchor])
    click.echo(f"The {ledger.count} confirmed changes of the ledger agree with their events.")
    click.echo(f"Its last event is {report.last_seq}:{report.last_hash}")
    click.echo("Compare it with the last line that was shipped: an end that was cut since the last")
    click.echo("start, stop or hour shows only there.")


@audit.command("accept")
@with_appcontext
def accept() -> None:
    """Take the log as it is for whole, after a backup was put back or the key was changed."""
    with _open_audit_log() as audit_log:
        _verified(audit_log)
        before = audit_log.accept(_operator())
    click.echo(f"Before: {WORDS[before]}")
    click.echo("The audit log is accepted as it is, which is recorded in it.")


@audit.command("export")
@click.option("--format", "kind", type=click.Choice(sorted(FORMATS)), required=True)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day, in UTC.")
@click.option("--group", "service_id", default="", help="Only events about this service id.")
@with_appcontext
def export(kind: str, since: datetime | None, service_id: str) -> None:
    """Write the events to standard output, oldest first."""
    first = since.replace(tzinfo=UTC) if since else None
    wanted = EventFilter(service_id=service_id, since=first)
    write, _ = FORMATS[kind]
    with _open_portal() as portal:
        for text in write(portal.audit_search.export(_operator(), wanted)):
            click.echo(text, nl=False)


@audit.command("prune")
@click.option("--keep", callback=_days, required=True, help="How much to keep, such as 400d.")
@with_appcontext
def prune(keep: timedelta) -> None:
    """Remove events older than this; the chain is closed over them, and must hold before, as must
    the anchor: the record of this prune would account for whatever is gone already."""
    with _open_audit_log() as audit_log:
        _verified(audit_log)
        _check_anchor(audit_log)
        removal = audit_log.prune(keep, _operator())
    if removal is None:
        click.echo("There is nothing as old as that.")
        return
    click.echo(f"The events {removal.first} to {removal.last} are removed.")


def _broken(words: str) -> SystemExit:
    click.echo(f"BROKEN: {words}", err=True)
    return SystemExit(BROKEN)


def _verified(audit_log: AuditLog) -> Report:
    report = audit_log.verify()
    if report.broken:
        click.echo(f"BROKEN at event {report.broken.seq}: {report.broken.words}.", err=True)
        raise SystemExit(BROKEN)
    return report


def _check_anchor(audit_log: AuditLog) -> AnchorState:
    anchor = audit_log.check_anchor()
    if anchor.is_fault:
        raise _broken(WORDS[anchor])
    return anchor


def _operator() -> Actor:
    """Whoever runs the command, by the name that the machine knows them by."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = ""
    return Actor("", name[:256], "command")
