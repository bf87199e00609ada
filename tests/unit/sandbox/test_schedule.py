"""Scaling schedules: windows of the week and what a new schedule may hold."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.service.schedule import find_active, parse_entries
from tests.unit.sandbox.client import Client

SUNDAY = datetime(2026, 11, 22, tzinfo=UTC)
OFFICE: dict[str, Any] = {
    "name": "Office hours",
    "weekdays": [1, 2],
    "startHourUtc": 9,
    "endHourUtc": 17,
    "numReplicas": 4,
}
NIGHT: dict[str, Any] = {"name": "Night", "weekdays": [6], "startHourUtc": 22, "endHourUtc": 4}
WIDE: dict[str, Any] = {
    **OFFICE,
    "numReplicas": ...,
    "autoscalingMode": "horizontal",
    "minReplicas": 2,
    "maxReplicas": 8,
    "minReplicaMemoryGb": 32,
    "maxReplicaMemoryGb": 32,
}
WIDE.pop("numReplicas")


def name_at(entries: list[dict[str, Any]], day: int, hour: int) -> str | None:
    moment = SUNDAY.timestamp() + day * 86_400 + hour * 3_600
    entry = find_active(parse_entries({"entries": entries}), moment)
    return entry.name if entry else None


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [(1, 8, None), (1, 9, "Office hours"), (2, 16, "Office hours"), (2, 17, None), (0, 10, None)],
)
def test_a_window_includes_its_start_and_excludes_its_end(
    day: int, hour: int, expected: str | None
) -> None:
    assert name_at([OFFICE], day, hour) == expected


@pytest.mark.parametrize(
    ("day", "hour", "expected"), [(6, 21, None), (6, 22, "Night"), (7, 3, "Night"), (7, 4, None)]
)
def test_an_overnight_window_runs_into_the_next_day_even_past_the_week(
    day: int, hour: int, expected: str | None
) -> None:
    assert name_at([NIGHT], day, hour) == expected
    assert name_at([NIGHT], day - 7, hour) == expected


def test_twenty_four_means_midnight() -> None:
    assert name_at([{**OFFICE, "startHourUtc": 0, "endHourUtc": 24}], 2, 23) == "Office hours"


def test_a_whole_band_is_accepted_in_horizontal_mode() -> None:
    (entry,) = parse_entries({"entries": [WIDE]})
    assert entry.values["maxReplicas"] == 8


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("none", "entries: must be an array"),
        ([7], "entries[0]: must be an object"),
        ([OFFICE] * 11, "at most 10"),
        ([OFFICE, {**OFFICE, "startHourUtc": 16, "endHourUtc": 20}], "entries[1]: overlaps"),
        ([NIGHT, {**NIGHT, "weekdays": [0], "startHourUtc": 3}], "entries[1]: overlaps"),
        ([{**OFFICE, "extra": 1}], "entries[0].extra: Unknown field"),
        ([{**OFFICE, "name": " "}], "name: must be a text"),
        ([{**OFFICE, "weekdays": []}], "weekdays: must be an array that is not empty"),
        ([{**OFFICE, "weekdays": [7]}], "different days from 0 to 6"),
        ([{**OFFICE, "weekdays": [1, 1]}], "different days from 0 to 6"),
        ([{**OFFICE, "startHourUtc": 24}], "startHourUtc: must be from 0 to 23"),
        ([{**OFFICE, "endHourUtc": 0}], "endHourUtc: must be from 1 to 24"),
        ([{**OFFICE, "endHourUtc": 9}], "must differ from startHourUtc"),
        ([{**OFFICE, "numReplicas": 0}], "must be greater than 0"),
        ([{**OFFICE, "minReplicaMemoryGb": 16}], "must be provided together"),
        ([{**OFFICE, "minReplicas": 4, "maxReplicas": 4}], "cannot be combined"),
        ([{**WIDE, "maxReplicaMemoryGb": 64}], "must equal maxReplicaMemoryGb 64"),
        ([{**OFFICE, "autoscalingMode": "horizontal"}], "cannot be combined"),
        ([{**NIGHT, "autoscalingMode": "horizontal"}], "must be provided together"),
        (
            [
                {
                    **NIGHT,
                    "autoscalingMode": "horizontal",
                    "minReplicaMemoryGb": 8,
                    "maxReplicaMemoryGb": 8,
                }
            ],
            "are required in horizontal",
        ),
    ],
)
def test_a_broken_schedule_is_refused_naming_the_entry(entries: object, expected: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_entries({"entries": entries})
    assert refusal.value.status == 400
    assert expected in refusal.value.text


def test_the_campaign_schedule_is_active_at_any_time(client: Client) -> None:
    for _ in range(8):
        service = client.service("campaigns")
        assert service["currentScaling"]["effectiveMaxReplicas"] == 10
        assert service["maxReplicas"] == 6
        active_id = service["currentScaling"]["activeEntryId"]
        assert active_id == service["scalingSchedule"]["activeEntryId"]
        client.advance(23 * 3_600)


def test_a_change_during_an_entry_touches_the_baseline_only(client: Client) -> None:
    client.scale("campaigns", {"minReplicas": 3, "maxReplicas": 5})
    client.advance(60)
    service = client.service("campaigns")
    assert (service["minReplicas"], service["maxReplicas"]) == (3, 5)
    assert service["currentScaling"]["effectiveMaxReplicas"] == 10
    assert service["scalingSchedule"]["baseConfig"]["maxReplicas"] == 5


def test_deleting_the_schedule_brings_the_baseline_back(client: Client) -> None:
    path = f"services/{client.service_id('campaigns')}/scalingSchedule"
    assert client.api("GET", path).json()["result"]["entries"][0]["isActiveNow"] is True
    assert client.api("DELETE", path).status_code == 200
    current = client.service("campaigns")["currentScaling"]
    assert current["effectiveMaxReplicas"] == 6
    assert "activeEntryId" not in current
    assert client.api("GET", path).status_code == client.api("DELETE", path).status_code == 404


def test_a_schedule_is_replaced_as_a_whole_and_cleared_by_an_empty_list(client: Client) -> None:
    path = f"services/{client.service_id('primary')}/scalingSchedule"
    assert client.api("GET", path).status_code == 404
    client.api("POST", path, {"entries": [OFFICE]})
    replaced = client.api("POST", path, {"entries": [NIGHT]}).json()["result"]
    assert [entry["name"] for entry in replaced["entries"]] == ["Night"]
    cleared = client.api("POST", path, {"entries": []})
    assert cleared.json()["result"] == {"entries": [], "baseConfig": {}}
    assert client.api("GET", path).status_code == 404
