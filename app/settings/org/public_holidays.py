"""The public holidays of a country or a part of it, from the package `holidays`.

The package is loaded only where the file asks for it: that takes a second and some 10 MB.
"""

from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module, metadata

from app.domain.schedules.exceptions import FrozenDates
from app.settings.org.faults import refusal

YEARS_AHEAD = 10
"""As far as the dates are worked out when the file is read: longer than a process lives."""

REMEDY = "Write codes as ISO 3166 has them, such as DE and BE for Berlin."


def list_holidays(country: str, region: str | None, now: datetime) -> tuple[FrozenDates, ...]:
    """Each as a frozen date, from the year before on. Raises a refusal where the package does not
    know the country or the region."""
    years = tuple(range((now - timedelta(days=366)).year, now.year + YEARS_AHEAD + 1))
    try:
        found = _dates_of(country, region, years)
    except NotImplementedError:
        raise refusal("is not a country or region whose holidays are known", REMEDY) from None
    return tuple(FrozenDates(name, day, day) for day, name in found)


def describe_holidays(country: str, region: str | None) -> str:
    """“DE, BE (holidays 0.109)”: where they come from."""
    place = f"{country}, {region}" if region else country
    return f"{place} (holidays {metadata.version('holidays')})"


@cache
def _dates_of(
    country: str, region: str | None, years: tuple[int, ...]
) -> tuple[tuple[date, str], ...]:
    found = import_module("holidays").country_holidays(
        country, subdiv=region, years=years, language="en_US"
    )
    return tuple(sorted(found.items()))
