"""Cloud's own entries: what can be read of them, and when they begin by the clocks of a zone."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from app.domain.groups.group import Particulars, Service
from app.domain.schedules.cloud_entries import list_entries
from app.web.schedules.cloud_page import CloudRow, list_cloud_rows
from tests.unit.builders import make_service

ENTRY = {
    "id": "1",
    "name": "Office",
    "weekdays": [1, 0],
    "startHourUtc": 23,
    "endHourUtc": 8,
    "minReplicaMemoryGb": 16,
    "maxReplicaMemoryGb": 64,
    "minReplicas": 3,
    "maxReplicas": 3,
    "isActiveNow": True,
}


def _service(schedule: object) -> Service:
    return replace(make_service(), particulars=Particulars(said={"scalingSchedule": schedule}))


def test_an_entry_reads_in_utc_and_by_the_clocks_of_a_zone_in_both_seasons() -> None:
    entries = list_entries(_service({"entries": [ENTRY]}))
    assert list_cloud_rows(entries, ZoneInfo("Europe/Berlin"), 2026) == (
        CloudRow(
            name="Office (active now)",
            days="Sunday, Monday",
            utc="23:00 to 08:00",
            january="00:00 of the next day to 09:00",
            july="01:00 of the next day to 10:00",
            size="3 replicas, 16 to 64 GB per replica",
        ),
    )
    single = replace(entries[0], replicas=(1, 1))
    assert "1 replica," in list_cloud_rows((single,), ZoneInfo("UTC"), 2026)[0].size
    west = list_cloud_rows(entries, ZoneInfo("America/New_York"), 2026)[0]
    assert (west.january, west.july) == ("18:00 to 03:00", "19:00 to 04:00")


@pytest.mark.parametrize(
    "odd",
    [
        None,
        {**ENTRY, "weekdays": None},
        {**ENTRY, "weekdays": []},
        {**ENTRY, "weekdays": [7]},
        {**ENTRY, "startHourUtc": 24},
        {**ENTRY, "endHourUtc": 0},
        {**ENTRY, "endHourUtc": "8"},
    ],
)
def test_an_odd_entry_takes_no_other_with_it(odd: object) -> None:
    found = list_entries(_service({"entries": [odd, ENTRY]}))
    assert [entry.name for entry in found] == ["Office"]


@pytest.mark.parametrize("schedule", [None, [], {"entries": None}, {"entries": {}}, "x"])
def test_without_entries_there_is_nothing(schedule: object) -> None:
    assert list_entries(_service(schedule)) == ()


def test_what_an_entry_leaves_open_is_as_configured() -> None:
    bare = {name: ENTRY[name] for name in ("weekdays", "startHourUtc", "endHourUtc")}
    entries = list_entries(_service({"entries": [bare]}))
    row = list_cloud_rows(entries, ZoneInfo("UTC"), 2026)[0]
    assert (row.name, row.size, row.january) == ("Unnamed", "as configured", "23:00 to 08:00")
