"""What tests lay over the services: answers that show something else than what is."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeGuard

IN_LIST, IN_GET, IN_PATCH = "list", "get", "patch"
PLACES = (IN_LIST, IN_GET, IN_PATCH)
AS_IT_IS, HIDDEN, UNLISTED, DELETED = "shown", "hidden", "unlisted", "deleted"
VISIBILITIES = (AS_IT_IS, HIDDEN, UNLISTED, DELETED)


@dataclass(frozen=True)
class Appearance:
    """How answers show one service. A name with dots reaches into objects.

    `instead` holds no value, or the one JSON value shown in place of the whole service.
    """

    values: dict[str, Any] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    instead: tuple[Any, ...] = ()
    places: frozenset[str] = frozenset(PLACES)

    def apply(self, shown: dict[str, Any]) -> Any:  # noqa: ANN401 -- any JSON value
        """Return what is shown in place of `shown`."""
        if self.instead:
            return self.instead[0]
        changed = copy.deepcopy(shown)
        for path, value in self.values.items():
            _put(changed, path, value)
        for path in self.absent:
            _take_away(changed, path)
        return changed


@dataclass
class Oddities:
    """Everything odd at present. Not thread-safe by itself; a reset makes it anew.

    `elements` go into the list of services as they stand, at `elements_at`: its start, its end,
    or instead of every service. `cost_rows` do the same in the cost report; `alone` gives the
    first of them as an object in place of the list.
    """

    appearances: dict[str, Appearance] = field(default_factory=dict)
    visibilities: dict[str, str] = field(default_factory=dict)
    elements: list[Any] = field(default_factory=list)
    elements_at: str = "end"
    upper_case_ids: bool = False
    page_size: int | None = None
    other_keys: int = 0
    are_costs_refused: bool = False
    cost_lag_days: int = 1
    cost_rows: list[Any] = field(default_factory=list)
    cost_rows_at: str = "end"
    read_lag_seconds: float = 0.0
    _outdated: list[tuple[str, float, dict[str, Any]]] = field(default_factory=list)

    def is_visible(self, service_id: str) -> bool:
        """Say whether the key can see the service by its id."""
        return self.visibilities.get(service_id) not in {HIDDEN, DELETED}

    def is_listed(self, service_id: str) -> bool:
        """Say whether the service is in the list."""
        return service_id not in self.visibilities

    def remember(self, service_id: str, before: dict[str, Any], now: float) -> None:
        """Keep what a service was before a PATCH, to go on showing it while reading lags."""
        self._outdated = [item for item in self._outdated if item[1] > now]
        if self.read_lag_seconds:
            self._outdated.append((service_id, now + self.read_lag_seconds, before))

    def read(self, service_id: str, shown: dict[str, Any], now: float) -> dict[str, Any]:
        """Return what reading finds: the service as before the oldest PATCH not yet visible."""
        for changed_id, until, before in self._outdated:
            if changed_id == service_id and until > now:
                return before
        return shown

    def dress(self, service_id: str, shown: dict[str, Any], place: str) -> Any:  # noqa: ANN401 -- any JSON value
        """Return a service as an answer of this kind shows it."""
        appearance = self.appearances.get(service_id)
        odd = appearance.apply(shown) if appearance and place in appearance.places else shown
        if self.upper_case_ids and _has_id(odd):
            return odd | {"id": odd["id"].upper()}
        return odd

    def with_elements(self, services: Iterable[Any]) -> list[Any]:
        """Return the list of services with the elements put into it."""
        if self.elements_at == "instead":
            return list(self.elements)
        if self.elements_at == "start":
            return [*self.elements, *services]
        return [*services, *self.elements]

    def with_cost_rows(self, rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 -- any JSON value
        """Return the costs with the odd rows put into them."""
        if self.cost_rows and self.cost_rows_at == "alone":
            return self.cost_rows[0]
        if self.cost_rows and self.cost_rows_at == "instead":
            return list(self.cost_rows)
        return (
            [*self.cost_rows, *rows] if self.cost_rows_at == "start" else [*rows, *self.cost_rows]
        )


def _has_id(shown: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(shown, dict) and isinstance(shown.get("id"), str)


def _put(shown: dict[str, Any], path: str, value: object) -> None:
    *way, last = path.split(".")
    for name in way:
        if not isinstance(shown.get(name), dict):
            shown[name] = {}
        shown = shown[name]
    shown[last] = value


def _take_away(shown: object, path: str) -> None:
    *way, last = path.split(".")
    for name in way:
        shown = shown.get(name) if isinstance(shown, dict) else None
    if isinstance(shown, dict):
        shown.pop(last, None)
