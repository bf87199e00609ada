"""Cloud's own schedule of a group in words: in UTC, and by the clocks of a zone in both seasons."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.schedules.cloud_entries import CloudEntry
from app.web.schedules.form import DAY_WORDS

DAYS = tuple(DAY_WORDS.values())
JANUARY, JULY = 1, 7


@dataclass(frozen=True)
class CloudRow:
    """One entry as the table says it."""

    name: str
    days: str
    utc: str
    january: str
    july: str
    size: str


def list_cloud_rows(
    entries: tuple[CloudEntry, ...], zone: ZoneInfo, year: int
) -> tuple[CloudRow, ...]:
    """The table. Days are those of UTC on which an entry begins."""
    return tuple(
        CloudRow(
            name=f"{entry.name} (active now)" if entry.is_active else entry.name,
            days=", ".join(DAYS[(day - 1) % 7] for day in sorted(entry.weekdays)),
            utc=f"{entry.start_hour:02}:00 to {entry.end_hour:02}:00",
            january=_show(entry.local_times(zone, year, JANUARY)),
            july=_show(entry.local_times(zone, year, JULY)),
            size=_show_size(entry),
        )
        for entry in entries
    )


def _show(times: tuple[datetime, datetime]) -> str:
    begins, ends = times
    shift = {14: " of the day before", 16: " of the next day"}.get(begins.day, "")
    return f"{begins:%H:%M}{shift} to {ends:%H:%M}"


def _show_size(entry: CloudEntry) -> str:
    is_one = entry.replicas is not None and entry.replicas[1] == 1
    parts = [
        (entry.replicas, "replica" if is_one else "replicas"),
        (entry.memory_gb, "GB per replica"),
    ]
    said = [f"{_range(pair)} {unit}" for pair, unit in parts if pair]
    return ", ".join(said) or "as configured"


def _range(pair: tuple[int, int]) -> str:
    least, most = pair
    return str(least) if least == most else f"{least} to {most}"
