"""How times, durations and typed text read."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from app.http.current import portal
from app.settings.model import Settings
from app.web.changes.wording import outcome_of
from app.web.formatting.indentation import WithoutIndentation
from app.web.formatting.sizes import NO_BREAK
from app.web.groups.wording import either
from app.web.notes import render_note
from app.web.return_path import return_path

RECENT_SECONDS = 24 * 3600
PROTOCOLS = {"https": "HTTPS", "nativesecure": "Native (TLS)", "mysql": "MySQL"}
NOT_FOR_HTML = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)


def register_filters(app: Flask, settings: Settings) -> None:
    """Make the filters and the portal's own words known to the templates."""
    zone = ZoneInfo(settings.time_zone)
    app.jinja_env.filters.update(
        moment=lambda value: show_moment(value, zone, datetime.now(UTC)),
        moment_ahead=lambda value: show_moment(whole_minute(value), zone, datetime.now(UTC)),
        precise_moment=lambda value: show_moment(value, zone, datetime.now(UTC), "%H:%M:%S"),
        recent=lambda value: show_recent(value, zone, datetime.now(UTC)),
        duration=show_duration,
        protocol=show_protocol,
        outcome=outcome_of,
        printable=show_printable,
        either=either,
        note=render_note,
    )
    app.jinja_env.globals["return_path"] = return_path
    app.jinja_env.globals["presentation"] = lambda: portal().groups.presentation
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(WithoutIndentation)


def show_moment(value: datetime, zone: ZoneInfo, now: datetime, clock: str = "%H:%M") -> Markup:
    """“today 15:40 CEST (13:40 UTC)”, inside a `time` element; `clock` is for strftime."""
    text, stamp = _show_absolute(value, zone, now, clock), _stamp(value)
    return Markup(f'<time datetime="{stamp}">{escape(text)}</time>')  # noqa: S704 - escaped here


def show_recent(value: datetime, zone: ZoneInfo, now: datetime) -> Markup:
    """“5 minutes ago”, counted on by the browser, with the moment itself as a title; the moment
    alone where it is to come, or a day ago and more.

    Not for parts that are drawn once for many looks: the words would be those of the first one.
    """
    seconds = (now - value).total_seconds()
    if not 0 <= seconds < RECENT_SECONDS:
        return show_moment(value, zone, now)
    text, stamp = escape(_show_absolute(value, zone, now, "%H:%M")), _stamp(value)
    words = _show_ago(int(seconds))
    return Markup(  # noqa: S704 - escaped here
        f'<time datetime="{stamp}" title="{text}" data-since="{int(seconds)}">{words}</time>'
    )


def _show_ago(seconds: int) -> str:
    """As `recently` of the browser's live.js says it."""
    if seconds < 60:
        return f"just{NO_BREAK}now"
    count, unit = (seconds // 60, "minute") if seconds < 3600 else (seconds // 3600, "hour")
    return f"{count}{NO_BREAK}{unit}{'' if count == 1 else 's'}{NO_BREAK}ago"


def _stamp(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds")


def _show_absolute(value: datetime, zone: ZoneInfo, now: datetime, clock: str) -> str:
    local, utc = value.astimezone(zone), value.astimezone(UTC)
    day = _show_day(local, now.astimezone(zone))
    text = f"{day} {local:{clock}} {local:%Z}"
    if local.utcoffset() != utc.utcoffset():
        text += f" ({utc:{clock}}{NO_BREAK}UTC)"
    return text


def whole_minute(value: datetime) -> datetime:
    """The full minute at which something is over for certain: times are shown to the minute."""
    full = value.replace(second=0, microsecond=0)
    return full if full == value else full + timedelta(minutes=1)


def _show_day(local: datetime, today: datetime) -> str:
    days_ago = (today.date() - local.date()).days
    if days_ago == 0:
        return "today"
    if days_ago == 1:
        return "yesterday"
    if days_ago == -1:
        return "tomorrow"
    return f"{local.day} {local:%B %Y}"


def show_duration(seconds: float) -> str:
    """Seconds in the largest unit that fits: “8 seconds”, “3 minutes”, “2 hours”."""
    count, unit = int(seconds), "second"
    if seconds >= 48 * 3600:
        count, unit = int(seconds / 86400), "day"
    elif seconds >= 7200:
        count, unit = int(seconds / 3600), "hour"
    elif seconds >= 120:
        count, unit = int(seconds / 60), "minute"
    return f"{count}{NO_BREAK}{unit}{'' if count == 1 else 's'}"


def show_protocol(name: str) -> str:
    """Cloud's name for a way to connect, as people know it; an unknown one as it is."""
    return PROTOCOLS.get(name, name)


def show_printable(text: str | None) -> str:
    """What somebody typed, fit for a page: marks that HTML cannot hold give way to a sign."""
    return NOT_FOR_HTML.sub("\N{REPLACEMENT CHARACTER}", text or "")
