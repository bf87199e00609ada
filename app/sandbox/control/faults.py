"""Faults ordered in advance: the next requests that match go wrong in a chosen way."""

import json
import re
import threading
from dataclasses import asdict, dataclass
from typing import Any

from app.sandbox.cloud.http.bodies import check_known, parse_choice
from app.sandbox.cloud.http.errors import ApiError, bad_field

KINDS = (
    "timeout",  # hold the request without an answer, then reset the connection
    "reset",  # reset the connection, nothing carried out
    "status",  # answer `status`, nothing carried out
    "not_json",  # 200 with an HTML page, nothing carried out
    "cut_json",  # 200 with the first half of a JSON object, nothing carried out
    "wrong_shape",  # 200 with JSON of another shape, nothing carried out
    "slow",  # carried out; the body drips over `seconds`
    "redirect",  # 307 to another path of the same server, nothing carried out
    "drop_after_apply",  # carried out, then the connection is reset instead of an answer
    "answer",  # carried out; if that went well, answered with `status` and `body` instead
)
FIELDS = ("match", "kind", "status", "times", "seconds", "code", "name", "body")


@dataclass
class Fault:
    """One way for matching requests to go wrong. `times` None means until cleared.

    `seconds` (real ones) is how long a timeout holds, over how long a slow answer drips, and what
    a 429 names in `X-RateLimit-Reset`. `code` and `name` are those of a ClickHouse exception
    (stand-ins only). `body` is the JSON text of an `answer`, None for no body at all.
    """

    match: str
    kind: str
    status: int = 503
    times: int | None = 1
    seconds: float = 20.0
    code: int | None = None
    name: str = "ORDERED"
    body: str | None = None


class Faults:
    """The faults still to happen. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._cleared = threading.Event()

    def add(self, fault: Fault) -> None:
        """Order a fault; the oldest that matches happens first."""
        with self._lock:
            self._faults.append(fault)

    def take(self, text: str) -> Fault | None:
        """Use up and return the fault for a request described as `METHOD path`."""
        with self._lock:
            for fault in self._faults:
                if re.search(fault.match, text):
                    self._count_down(fault)
                    return fault
        return None

    def list_all(self) -> list[dict[str, Any]]:
        """Return the faults still to happen."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def clear(self) -> None:
        """Forget all faults; requests held by one are let go."""
        with self._lock:
            self._faults.clear()
            self._cleared.set()
            self._cleared = threading.Event()

    def release(self) -> threading.Event:
        """Return what is set when the faults of now are cleared: wait on it, not on a clock."""
        with self._lock:
            return self._cleared

    def _count_down(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._faults.remove(fault)


def parse_fault(body: dict[str, object]) -> Fault:
    """Read a fault from a JSON body. Raises ApiError 400."""
    check_known(body, FIELDS)
    kind = parse_choice("kind", body.get("kind"), KINDS)
    times = body.get("times", 1)
    status = body.get("status", 200 if kind == "answer" else 503)
    return Fault(
        match=_parse_match(body.get("match")),
        kind=kind,
        status=int(parse_number("status", status, 200, 599)),
        times=None if times is None else int(parse_number("times", times, 1, 1_000_000)),
        seconds=parse_number("seconds", body.get("seconds", 20), 0, 3600),
        code=int(parse_number("code", body["code"], 1, 10_000)) if body.get("code") else None,
        name=_parse_name(body.get("name", "ORDERED")),
        body=json.dumps(body["body"]) if "body" in body else None,
    )


def parse_number(field: str, value: object, least: float, most: float) -> float:
    """Accept a number from `least` to `most`. Raises ApiError 400."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_field(field, "must be a number", value)
    if not least <= value <= most:
        raise bad_field(field, f"must be from {least:g} to {most:g}", value)
    return float(value)


def _parse_name(value: object) -> str:
    if not isinstance(value, str):
        raise bad_field("name", "must be a string", value)
    return value


def _parse_match(value: object) -> str:
    if not isinstance(value, str):
        raise bad_field("match", "must be a regular expression", value)
    try:
        re.compile(value)
    except re.error as error:
        raise ApiError(400, f"request body.match: not a regular expression: {error}") from None
    return value
