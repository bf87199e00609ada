"""A schedule that acts while somebody looks: its window begins minutes after the start.

The portal's clock is the machine's, whatever the sandbox's does, so the plan comes to the clock.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.domain.schedules.schedule import DAY_NAMES
from app.settings import Settings

GROUP, OWNER = "Analytics archive", "alice"
WAIT, LENGTH = timedelta(minutes=2), timedelta(minutes=3)
ANSWER_SECONDS = 20
SMALL = {"min_memory_gb": 8, "max_memory_gb": 8}
LARGE = {"min_memory_gb": 16, "max_memory_gb": 16}


def plan_soon(settings: Settings, world: Mapping[str, Any]) -> str:
    """Put the schedule in force as its owner would by a program; a sentence that says what to
    look at, and an empty one where that did not work."""
    zone = settings.time_zone
    start = datetime.now(ZoneInfo(zone)) + WAIT + timedelta(minutes=1)
    times = [f"{moment:%H:%M}" for moment in (start, start + LENGTH)]
    service_id = next(item["id"] for item in world["services"] if item["name"] == GROUP)
    address = f"{settings.public_url}/groups/{service_id}/schedule"
    if not _put(f"/api/v1/groups/{service_id}/schedule", settings, world, _plan(zone, *times)):
        return ""
    return (
        f"Watch a schedule act: “{GROUP}” is larger from {times[0]} to {times[1]} ({zone}), "
        f"see {address}\n\n"
    )


def _plan(zone: str, start: str, end: str) -> dict[str, Any]:
    """Every day, so that a window over midnight is as good."""
    hours = {"days": list(DAY_NAMES), "start": start, "end": end}
    window = {"name": "After the start", **hours, "settings": LARGE}
    return {"zone": zone, "base": SMALL, "windows": [window], "reason": "To be watched"}


def _put(path: str, settings: Settings, world: Mapping[str, Any], plan: object) -> bool:
    # Not by way of `requests`: a proxy that the environment names has no place on loopback.
    parts = urlsplit(settings.public_url)
    owner = next(user for user in world["users"] if user["name"] == OWNER)
    credentials = b64encode(f"{OWNER}:{owner['password']}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("PUT", path, json.dumps(plan), headers)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
