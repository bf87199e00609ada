"""What of the sandbox as a whole can be set: its limits, its clock, its oddities."""

from collections.abc import Callable, Mapping
from typing import Any

from app.sandbox.clock import Clock
from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.bodies import check_known, parse_boolean, parse_choice, parse_whole
from app.sandbox.cloud.http.errors import bad_field
from app.sandbox.cloud.http.limiter import RateLimiter
from app.sandbox.cloud.http.pages import LARGEST
from app.sandbox.control.faults import parse_number

YEAR_SECONDS = 366 * 86_400
FASTEST = 10_000
STOP_ENDS = ("stopped", "idle")


class Settings:
    """Reads and changes the settings; a reset puts them back elsewhere."""

    def __init__(self, cloud: Cloud, clock: Clock, limiter: RateLimiter) -> None:
        self._cloud, self._clock, self._limiter = cloud, clock, limiter

    def read(self) -> dict[str, Any]:
        """Return every setting."""
        with self._cloud.lock:
            found = {name: getattr(*place) for name, place in self._places().items()}
        return found | {"speed": self._clock.speed}

    def change(self, body: dict[str, object]) -> dict[str, Any]:
        """Change the settings named, all of them or none. Raises ApiError 400."""
        check_known(body, PARSERS)
        values = {name: PARSERS[name](name, value) for name, value in body.items()}
        with self._cloud.lock:
            if "speed" in values:
                self._clock.set_speed(values.pop("speed"))
            places = self._places()
            for name, value in values.items():
                setattr(*places[name], value)
        return self.read()

    def _places(self) -> dict[str, tuple[object, str]]:
        """Where each setting is kept now: a reset makes some of the objects anew."""
        odd, durations = self._cloud.oddities, self._cloud.durations
        return {
            "rate_limit": (self._limiter, "limit"),
            "scaling_seconds": (durations, "scaling"),
            "stop_ends_in": (durations, "stop_ends_in"),
            "replicas_per_warehouse": (self._cloud, "replicas_per_warehouse"),
            "read_lag_seconds": (odd, "read_lag_seconds"),
            "upper_case_ids": (odd, "upper_case_ids"),
            "page_size": (odd, "page_size"),
            "other_keys": (odd, "other_keys"),
            "are_costs_refused": (odd, "are_costs_refused"),
            "cost_lag_days": (odd, "cost_lag_days"),
        }


def _number(least: float, most: float) -> Callable[[str, object], float]:
    return lambda name, value: parse_number(name, value, least, most)


def _whole(least: int, most: int) -> Callable[[str, object], int]:
    def parse(name: str, value: object) -> int:
        number = parse_whole(name, value)
        if not least <= number <= most:
            raise bad_field(name, f"must be from {least} to {most}", value)
        return number

    return parse


def _or_null(parse: Callable[[str, object], int]) -> Callable[[str, object], int | None]:
    return lambda name, value: None if value is None else parse(name, value)


PARSERS: Mapping[str, Callable[[str, object], Any]] = {
    "rate_limit": _or_null(_whole(1, 1_000_000)),
    "speed": _number(0, FASTEST),
    "scaling_seconds": _number(0, YEAR_SECONDS),
    "stop_ends_in": lambda name, value: parse_choice(name, value, STOP_ENDS),
    "replicas_per_warehouse": _whole(1, 10_000),
    "read_lag_seconds": _number(0, YEAR_SECONDS),
    "upper_case_ids": parse_boolean,
    "page_size": _or_null(_whole(1, LARGEST)),
    "other_keys": _whole(0, 1_000),
    "are_costs_refused": parse_boolean,
    "cost_lag_days": _whole(0, 31),
}
