"""`flask --app wsgi schedule …`: write schedules down as YAML, and put them in force from there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import yaml
from flask import current_app
from flask.cli import with_appcontext
from pydantic import SecretStr

from app.context import RequestContext, in_context
from app.domain.access.permissions import Permission
from app.domain.audit.events import Channel, Origin
from app.domain.local_time import MINUTES_A_DAY
from app.domain.schedules.schedule import show_clock
from app.errors import BrokenRules, PortalError
from app.files import UnusableFileError, read_bounded
from app.services.portal import Portal
from app.services.sign_in.api import Caller

MOST_BYTES = 1024 * 1024
NOT_DONE = 1
"""Exit code where a schedule was refused, or nothing could be read or written."""

HERE = "127.0.0.1"
NOT_A_FILE = "The file is not YAML with the one key `schedules`, a mapping of service ids."


@click.group("schedule")
def schedule() -> None:
    """Write schedules down as YAML, and put them in force from there."""


@schedule.command("export")
@with_appcontext
def export() -> None:
    """Print every schedule in force, by the id of the group's service."""
    with _use_cases() as portal:
        plans = portal.schedules.export()
    click.echo(yaml.safe_dump({"schedules": plans}, sort_keys=False, allow_unicode=True), nl=False)


@schedule.command("apply")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--user", required=True, help="The ClickHouse user whose permission counts.")
@click.option("--password", prompt=True, hide_input=True, help="Asked for if left out.")
@click.option("--reason", default="", help="Why, for those who look at the versions later.")
@click.option("--dry-run", is_flag=True, help="Judge every schedule and save none.")
@with_appcontext
def apply(path: Path, user: str, password: str, reason: str, *, dry_run: bool) -> None:
    """Put the schedules of a file in force; all are judged before the first is saved.

    Groups that are not in the file keep theirs.
    """
    plans = _read_plans(path)
    caller = Caller(user, SecretStr(password), HERE)
    with _use_cases() as portal:
        refused = [_try(portal, key, plan, caller, reason) for key, plan in plans.items()]
        if any(refused):
            raise SystemExit(NOT_DONE)
        for key, plan in plans.items():
            words = "can be saved" if dry_run else _save(portal, key, plan, caller, reason)
            click.echo(f"{key}: {words}")


@contextmanager
def _use_cases() -> Iterator[Portal]:
    """The use cases, with a plain line about what stands in the way."""
    try:
        with in_context(RequestContext(Origin(Channel.COMMAND))):
            yield current_app.extensions["portal"]
    except PortalError as error:
        click.echo(f"{error.message} {error.remedy}".strip(), err=True)
        raise SystemExit(NOT_DONE) from None


def _try(portal: Portal, key: str, plan: object, caller: Caller, reason: str) -> bool:
    """Whether the schedule of a group is refused, with a line for each reason."""
    try:
        who = portal.callers.identify_for_permission(key, caller, Permission.SCHEDULE)
        portal.schedule_editing.check(who, key, plan, reason=reason)
    except BrokenRules as broken:
        for item in broken.problems:
            click.echo(f"{key}: {item.field}: {item.message}", err=True)
        return True
    except PortalError as error:
        click.echo(f"{key}: {error.message} {error.remedy}".strip(), err=True)
        return True
    return False


def _save(portal: Portal, key: str, plan: object, caller: Caller, reason: str) -> str:
    who = portal.callers.identify_for_group(key, caller)
    record = portal.schedules.show(who, key).standing.record
    seen = record.version.number if record else None
    version = portal.schedule_editing.save(who, key, plan, reason=reason, seen=seen)
    return "as it is" if version.number == seen else f"version {version.number}"


def _read_plans(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(
            read_bounded(path, MOST_BYTES).decode("utf-8-sig"), Loader=yaml.SafeLoader
        )
    except (OSError, UnusableFileError, ValueError, yaml.YAMLError):
        content = None
    plans = content.get("schedules") if isinstance(content, dict) else None
    if not isinstance(plans, dict) or len(content) != 1 or not all(map(_is_text, plans)):
        raise click.ClickException(NOT_A_FILE)
    return {key.strip().lower(): _with_clocks(plan) for key, plan in plans.items()}


def _is_text(key: object) -> bool:
    return isinstance(key, str)


def _with_clocks(plan: Any) -> Any:  # noqa: ANN401 - judged later
    """The plan with times as text: YAML reads 18:00 without quotes as the number 1080."""
    windows = plan.get("windows") if isinstance(plan, Mapping) else None
    if not isinstance(windows, list):
        return plan
    return {**plan, "windows": [_with_clock(item) for item in windows]}


def _with_clock(window: Any) -> Any:  # noqa: ANN401 - judged later
    if not isinstance(window, Mapping):
        return window
    minutes = {
        name: show_clock(window[name])
        for name in ("start", "end")
        if type(window.get(name)) is int and 0 <= window[name] <= MINUTES_A_DAY
    }
    return {**window, **minutes}
