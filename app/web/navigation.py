"""The way around: the places that every page of a signed-in person leads to."""

from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True)
class Place:
    """One link of the navigation. Pages of `blueprints` and these `endpoints` belong to it besides
    its own."""

    words: str
    endpoint: str
    blueprints: frozenset[str] = frozenset()
    endpoints: frozenset[str] = frozenset()

    def current_on(self, endpoint: str) -> str:
        """The value of aria-current: `page` for its own page, `true` for one that belongs to it,
        empty elsewhere."""
        if endpoint == self.endpoint:
            return "page"
        is_part = endpoint.rpartition(".")[0] in self.blueprints or endpoint in self.endpoints
        return "true" if is_part else ""


PLACES = (
    Place("Groups", "groups.index", frozenset({"groups", "changes", "boosts", "audit"})),
    Place("Activity", "activity.index"),
    Place("Schedules", "schedules.index", frozenset({"schedules"})),
    Place("Spend", "spend.index", frozenset({"spend"})),
    Place("Help", "help.show"),
    Place("API", "reference.show"),
)
"""In the order in which they are shown."""


def register_navigation(app: Flask) -> None:
    """Let the layout show it."""
    app.jinja_env.globals["places_on"] = places_on


def places_on(endpoint: str | None) -> list[tuple[Place, str]]:
    """Each place with the value of its aria-current."""
    return [(place, place.current_on(endpoint or "")) for place in PLACES]
