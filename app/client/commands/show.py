"""Commands that look and change nothing."""

from typing import Any

import click

from ..context import Session, command
from ..groups import find_group, list_groups, path_of
from ..output import moment, print_details, print_table, size


@click.command()
@command
def groups(session: Session) -> None:
    """List the compute groups that the token may see."""
    found = list_groups(session.portal)
    head = ("NAME", "STATE", "SIZE", "BOOST UNTIL", "ID")
    rows = [
        (
            group["name"],
            group["state"],
            size(group["configured"]),
            moment((group["boost"] or {}).get("ends_at")),
            group["service_id"],
        )
        for group in found
    ]
    session.show({"groups": found}, lambda: print_table(head, rows))


@click.command()
@click.argument("group", metavar="GROUP")
@command
def show(session: Session, group: str) -> None:
    """Show one compute group."""
    found = session.portal.get(path_of(find_group(session.portal, group)))
    session.show({"group": found}, lambda: print_details(_details_of(found)))


def _details_of(group: dict[str, Any]) -> dict[str, object]:
    boost = group["boost"]
    return {
        "Name": group["name"],
        "Id": group["service_id"],
        "Warehouse": group["warehouse"],
        "State": group["state"],
        "Configured": size(group["configured"]),
        "In effect": size(group["effective"]),
        "Boost": boost and f"{boost['reference']} until {moment(boost['ends_at'])}",
        "Change in progress": group["change_in_flight"],
        "Permissions": ", ".join(group["permissions"]),
        "As of": moment(group["taken_at"]),
        "Not newer because": group["cloud_fault"],
    }


@click.command()
@click.argument("group", metavar="GROUP")
@command
def changes(session: Session, group: str) -> None:
    """List the latest changes of a compute group.

    Yours, or everybody's with the permission audit.
    """
    found = session.portal.get(path_of(find_group(session.portal, group), "/changes"))["changes"]
    head = ("CHANGE", "WHEN", "WHAT", "TO", "STATE", "EFFECT", "BY")
    rows = [
        (
            change["reference"],
            moment(change["created_at"]),
            change["act"],
            size(change["target"]),
            change["state"],
            change["effect"],
            change["user"],
        )
        for change in found
    ]
    session.show({"changes": found}, lambda: print_table(head, rows))


@click.command()
@click.argument("group", metavar="GROUP")
@command
def spend(session: Session, group: str) -> None:
    """Show what the compute of a group costs: this UTC month, in credits of ClickHouse Cloud."""
    found = session.portal.get(path_of(find_group(session.portal, group), "/spend"))
    session.show({"spend": found}, lambda: _print_spend(found))


def _print_spend(found: dict[str, Any]) -> None:
    budgets = found["budgets"]
    print_details(
        {
            "Group": found["name"],
            "Month so far": found["month_so_far"],
            "Of that estimated": found["estimated"],
            "Days not known": found["unknown_days"],
            "Forecast": found["forecast"],
            "Budgets": ", ".join(f"{item['percent']} % of {item['budget']}" for item in budgets),
            "Report": found["fault"],
        }
    )


@click.group()
def schedule() -> None:
    """Sizes that follow the week."""


@schedule.command("show")
@click.argument("group", metavar="GROUP")
@command
def show_schedule(session: Session, group: str) -> None:
    """Show the schedule of a compute group, and which rule decides about its size now."""
    found = session.portal.get(path_of(find_group(session.portal, group), "/schedule"))
    session.show({"schedule": found}, lambda: _print_schedule(found))


def _print_schedule(found: dict[str, Any]) -> None:
    plan, decides = found["schedule"], found["decides"]
    print_details(
        {
            "Schedule": f"version {found['version']}" if plan else "none",
            "Time zone": plan and plan["zone"],
            "Paused until": found["paused_until"] and moment(found["paused_until"]),
            "Decides now": f"{decides['ruling']} {decides['name']}".strip(),
            "Outside windows": plan and _outside(plan),
            "Last error": found["last_error"],
        }
    )
    if plan:
        head = ("WINDOW", "DAYS", "FROM", "TO", "MEMORY")
        print_table(head, [_window_row(window) for window in plan["windows"]])


def _outside(plan: dict[str, Any]) -> str | None:
    if plan["outside"] != "stop":
        return None
    return f"stopped, started {plan['start_minutes_before']} minutes before each"


def _window_row(window: dict[str, Any]) -> tuple[object, ...]:
    settings = window["settings"]
    memory = f"{settings['min_memory_gb']}-{settings['max_memory_gb']} GB"
    return window["name"], ",".join(window["days"]), window["start"], window["end"], memory
