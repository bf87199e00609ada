"""A schedule of the tests: office hours in Berlin and the night of each day, by one change each."""

from datetime import UTC, datetime
from typing import Any

from app.domain.schedules.parsing import parse_schedule
from app.domain.schedules.schedule import Schedule

BASE = {"min_memory_gb": 8, "max_memory_gb": 16, "num_replicas": 1}
OFFICE = {"min_memory_gb": 32, "max_memory_gb": 64, "num_replicas": 3}
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
EVERY_DAY = [*WORKDAYS, "sat", "sun"]


def a_window(name: str = "Office hours", **values: Any) -> dict[str, Any]:  # noqa: ANN401
    """A window as it is sent, with some values replaced."""
    usual = {"days": WORKDAYS, "start": "08:00", "end": "18:00", "settings": OFFICE}
    return {"name": name, **usual, **values}


def a_plan(*windows: dict[str, Any], zone: str = "Europe/Berlin") -> dict[str, Any]:
    """A schedule as it is sent; with office hours where no window is given."""
    return {"zone": zone, "base": BASE, "windows": list(windows or (a_window(),))}


def a_schedule(*windows: dict[str, Any], zone: str = "Europe/Berlin") -> Schedule:
    """The same, parsed."""
    return parse_schedule(a_plan(*windows, zone=zone))


def utc(text: str) -> datetime:
    """`2026-03-29 01:00` as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
