"""What the page of a schedule shows: the week as a drawing and a table, and the next changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.changes.scaling_request import ScalingRequest
from app.domain.groups.scaling import ScalingConfig
from app.domain.local_time import local_midnight
from app.domain.schedules.coming import PlannedChange
from app.domain.schedules.exceptions import ONE_DAY, Exceptions
from app.domain.schedules.schedule import DAY_NAMES, Schedule, Window, show_clock
from app.domain.schedules.timeline import list_spans
from app.domain.schedules.week_cost import week_of
from app.web.formatting.sizes import show_parts
from app.web.schedules.form import DAY_WORDS

ROW_HEIGHT = 30
"""In pixels; across, everything is a share of the day."""

ROOM_FOR_WORDS = 25.0
HOURS = (0, 6, 12, 18, 24)


@dataclass(frozen=True)
class Bar:
    """One window on one day of the drawing."""

    x: float
    y: int
    width: float
    name: str

    @property
    def has_words(self) -> bool:
        """Whether its name fits in it on the narrowest screen."""
        return self.width >= ROOM_FOR_WORDS


@dataclass(frozen=True)
class Week:
    """The local week that holds now."""

    bars: tuple[Bar, ...]
    days: tuple[tuple[int, str], ...]
    ticks: tuple[tuple[float, str], ...]
    height: int


@dataclass(frozen=True)
class WindowRow:
    """One window as the table says it."""

    name: str
    days: str
    start: str
    end: str
    size: str


@dataclass(frozen=True)
class ChangeRow:
    """One change to come, in local time and in UTC."""

    iso: str
    local: str
    utc: str
    size: str
    name: str
    crosses_clock_change: bool
    frozen: str


def build_week(schedule: Schedule, exceptions: Exceptions, now: datetime) -> Week:
    """The drawing."""
    monday = week_of(schedule, now)[0].astimezone(schedule.zone_info).date()
    bars: list[Bar] = []
    for number in range(7):
        day = monday + number * ONE_DAY
        start, end = (local_midnight(item, schedule.zone_info) for item in (day, day + ONE_DAY))
        for span in list_spans(schedule, start, end, exceptions):
            if span.window:
                x, width = (
                    _share(span.start - start, end - start),
                    _share(span.end - span.start, end - start),
                )
                bars.append(Bar(x, number * ROW_HEIGHT + 20, width, span.window.name))
    # Short, beside the bars, so that they stay clear of them on a narrow page.
    days = tuple((n * ROW_HEIGHT + 29, DAY_WORDS[name][:3]) for n, name in enumerate(DAY_NAMES))
    ticks = tuple((hour / 24 * 100, f"{hour:02}") for hour in HOURS)
    return Week(tuple(bars), days, ticks, 7 * ROW_HEIGHT + 36)


def list_windows(schedule: Schedule, current: ScalingConfig | None) -> tuple[WindowRow, ...]:
    """The table, the base size last."""
    rows = [_window_row(window, current) for window in schedule.windows]
    size = show_request(schedule.base, current)
    if schedule.stops_outside:
        size = f"Stopped; {size} if somebody starts it"
    return (*rows, WindowRow("Base size", "all other times", "", "", size))


def list_skips(exceptions: Exceptions, today: date) -> tuple[str, ...]:
    """The windows left out from today on: “Office hours” on Fri 27 Nov 2026."""
    coming = sorted((skip.day, skip.window) for skip in exceptions.skips if skip.day >= today)
    return tuple(f"“{name}” on {day:%a %-d %b %Y}" for day, name in coming)


def list_changes(
    changes: tuple[PlannedChange, ...], schedule: Schedule, current: ScalingConfig | None
) -> tuple[ChangeRow, ...]:
    """The changes to come."""
    return tuple(
        ChangeRow(
            iso=change.at.isoformat(timespec="seconds"),
            local=f"{change.at.astimezone(schedule.zone_info):%a %-d %b %Y %H:%M %Z}",
            utc=f"{change.at.astimezone(UTC):%a %H:%M} UTC",
            size=_show_change(change, schedule, current),
            name=_name_of(change),
            crosses_clock_change=change.crosses_clock_change,
            frozen=change.frozen,
        )
        for change in changes
    )


def _show_change(change: PlannedChange, schedule: Schedule, current: ScalingConfig | None) -> str:
    if change.is_stopped:
        return "Stopped"
    size = show_request(change.settings, current)
    return f"Running, {size}" if schedule.stops_outside else size


def _name_of(change: PlannedChange) -> str:
    if change.window:
        return change.window.name
    return "Outside all windows" if change.is_stopped else "Base size"


def show_request(request: ScalingRequest, current: ScalingConfig | None) -> str:
    """“3 times 16 to 32 GB”; without what the group has, the memory alone."""
    if current is None:
        return f"{request.min_memory_gb} to {request.max_memory_gb} GB per replica"
    return show_parts(request.applied_to(current))


def _window_row(window: Window, current: ScalingConfig | None) -> WindowRow:
    days = ", ".join(DAY_WORDS[DAY_NAMES[day]] for day in window.days)
    end = show_clock(window.end)
    is_overnight = window.end <= window.start
    size = show_request(window.settings, current)
    shown = f"{end} on the next day" if is_overnight else end
    return WindowRow(window.name, days, show_clock(window.start), shown, size)


def _share(part: timedelta, whole: timedelta) -> float:
    return round(part / whole * 100, 3)
