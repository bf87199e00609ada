"""Cloud's description of a service, as the portal reads it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.cloud.parsing.services import parse_service
from app.domain.groups.group import Endpoint, IpAccess
from app.domain.groups.scaling import whole_number
from app.domain.groups.states import ServiceState
from app.errors import CloudAnswerLost
from tests.unit.builders import HORIZONTAL, PRIMARY_ID, VERTICAL, changed
from tests.unit.cloud.helpers import service_json

NONSENSE: list[Any] = [
    None,
    True,
    7,
    -1,
    10**400,
    1e999,
    16.5,
    "",
    "x",
    [],
    [1],
    [[]],
    {},
    {"a": 1},
]
CURRENT = service_json()["currentScaling"]


def test_a_service_is_read_whole() -> None:
    service = parse_service(service_json())
    assert service.service_id == PRIMARY_ID
    assert (service.state, service.state_text) == (ServiceState.RUNNING, "running")
    assert service.configured == service.effective == VERTICAL
    assert service.active_entry is None
    assert service.is_primary
    assert not service.is_readonly
    assert not service.is_byoc
    assert service.endpoints == (
        Endpoint("nativesecure", "a.example.test", 9440),
        Endpoint("https", "a.example.test", 8443),
    )
    assert service.ip_access == (IpAccess("198.51.100.0/24", "Office"),)
    assert service.created_at == datetime(2025, 3, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (16, 16),
        (16.0, 16),
        (-4, -4),
        (0, 0),
        (10**400, 10**400),
        (16.5, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        (False, None),
        ("16", None),
        (None, None),
        ([16], None),
    ],
)
def test_whole_numbers_are_read_with_and_without_a_point(value: object, number: int | None) -> None:
    assert whole_number(value) == number
    assert type(whole_number(value)) is type(number)


def test_only_what_is_known_is_read_and_the_others_is_tolerated() -> None:
    known = parse_service(service_json())
    assert parse_service(service_json(encryptionKey="secret", newIn2027={"a": [1]})) == known


def test_what_cloud_said_is_kept_but_for_what_nobody_may_see_and_shown_in_no_log() -> None:
    said = service_json(encryptionKey="canary", newIn2027={"a": [1], "password": "canary"})
    service = parse_service(said)
    assert service.particulars.said["name"] == said["name"]
    assert "canary" not in str(service.particulars.said)
    assert "newIn2027" not in repr(service)
    assert hash(service) == hash(parse_service(service_json()))
    said["newIn2027"] = "something else"
    assert service.particulars.said["newIn2027"] == {"a": [1]}


def test_a_state_of_tomorrow_is_unknown_and_its_name_is_kept_clean() -> None:
    service = parse_service(service_json(state="hiber\r\nnating\x1b"))
    assert service.state is ServiceState.UNKNOWN
    assert service.state_text == "hiber nating"


@pytest.mark.parametrize("value", [None, "text", 5, [], [service_json()], {}])
def test_what_is_no_service_is_a_lost_answer(value: object) -> None:
    with pytest.raises(CloudAnswerLost):
        parse_service(value)


@pytest.mark.parametrize("fields", [{"id": None}, {"id": "../x"}, {"id": 5}])
def test_a_single_service_without_an_id_is_a_lost_answer(fields: dict[str, object]) -> None:
    with pytest.raises(CloudAnswerLost):
        parse_service(service_json(**fields))


def test_an_id_is_read_in_lower_case() -> None:
    assert parse_service(service_json(id=PRIMARY_ID.upper())).service_id == PRIMARY_ID


@pytest.mark.parametrize("value", NONSENSE, ids=repr)
@pytest.mark.parametrize("field", [*service_json(), "autoscalingMode", "scalingSchedule", "byocId"])
def test_nonsense_in_any_field_is_a_lost_answer_or_tolerated_but_no_fault(
    field: str, value: object
) -> None:
    try:
        service = parse_service(service_json(**{field: value}))
    except CloudAnswerLost:
        assert field == "id"
    else:
        assert service.cloud_name is not None
        assert field != "id"


@pytest.mark.parametrize("value", NONSENSE, ids=repr)
@pytest.mark.parametrize("field", CURRENT)
def test_nonsense_in_what_is_in_effect_is_tolerated(field: str, value: object) -> None:
    assert parse_service(service_json(currentScaling=CURRENT | {field: value})).configured


@pytest.mark.parametrize("field", ["minReplicaMemoryGb", "maxReplicaMemoryGb", "numReplicas"])
def test_without_complete_figures_there_is_no_configuration(field: str) -> None:
    fields = service_json()
    del fields[field]
    assert parse_service(fields).configured is None
    assert parse_service(service_json(**{field: True})).configured is None
    assert parse_service(service_json(autoscalingMode="diagonal")).configured is None


def test_a_horizontal_service_is_read_with_its_band_and_fixed_memory() -> None:
    fields = service_json(
        autoscalingMode="horizontal", replicaMemoryGb=32.0, minReplicas=2, maxReplicas=6.0
    )
    for name in ("minReplicaMemoryGb", "maxReplicaMemoryGb", "numReplicas"):
        del fields[name]
    assert parse_service(fields).configured == HORIZONTAL


def test_idling_is_on_unless_cloud_says_off() -> None:
    idle = parse_service(service_json(idleScaling=False, idleTimeoutMinutes=None))
    assert idle.configured == changed(VERTICAL, idle_scaling=False, idle_timeout_minutes=None)
    unsaid = service_json()
    del unsaid["idleScaling"]
    assert parse_service(unsaid).configured == VERTICAL


def test_what_is_in_effect_is_read_apart_and_names_the_schedule_entry() -> None:
    current = CURRENT | {"activeEntryId": "e1", "effectiveMaxReplicaMemoryGb": 64}
    entries = [{"id": "e0", "name": "Night"}, {"id": "e1", "name": "Month\nend"}]
    service = parse_service(
        service_json(currentScaling=current, scalingSchedule={"entries": entries})
    )
    assert service.configured == VERTICAL
    assert service.effective == changed(VERTICAL, max_memory_gb=64)
    assert service.active_entry == "Month end"


@pytest.mark.parametrize(
    "schedule", [None, [], {}, {"entries": None}, {"entries": [[], {"id": "e1"}]}, "x"]
)
def test_an_active_entry_without_a_name_is_still_active(schedule: object) -> None:
    fields = service_json(currentScaling=CURRENT | {"activeEntryId": "e1"})
    assert parse_service(fields | {"scalingSchedule": schedule}).active_entry == "a schedule entry"


def test_hostile_text_is_one_clean_line_of_bounded_length() -> None:
    hostile = "<b>\u202e\r\nSet-Cookie: a=b\x00" + "x" * 5000
    service = parse_service(
        service_json(
            name=hostile,
            region=hostile,
            provider=hostile,
            clickhouseVersion=hostile,
            profile=hostile,
            ipAccessList=[{"source": hostile, "description": hostile}],
            endpoints=[{"protocol": hostile, "host": "a.example.test", "port": 1}],
        )
    )
    texts = [
        service.cloud_name,
        service.region,
        service.provider,
        service.version,
        service.profile,
        service.ip_access[0].source,
        service.ip_access[0].description,
        service.endpoints[0].protocol,
    ]
    for text in texts:
        assert text.isprintable()
        assert len(text) <= 300


@pytest.mark.parametrize(
    "host",
    [
        "user@host",
        "host/path?",
        "host:1",
        "[::1]",
        "two hosts",
        "a#b",
        "<b>",
        "h\u00f6st",
        "a" * 254,
    ],
)
def test_what_is_no_host_is_no_endpoint_that_stands_before_a_good_one(host: str) -> None:
    good = {"protocol": "https", "host": "a.example.test", "port": 8443}
    service = parse_service(service_json(endpoints=[{**good, "host": host}, good]))
    assert service.endpoints == (Endpoint("https", "a.example.test", 8443),)


@pytest.mark.parametrize("host", ["a-1.example.test", "192.0.2.1", "2001:db8::1", "a_b"])
def test_names_and_addresses_are_hosts(host: str) -> None:
    endpoints = [{"protocol": "https", "host": host, "port": 8443}]
    assert parse_service(service_json(endpoints=endpoints)).endpoints[0].host == host


def test_a_missing_profile_is_the_standard_one_and_a_byoc_id_is_noticed() -> None:
    assert parse_service(service_json(profile=None)).profile == "v1-default"
    assert parse_service(service_json(byocId="byoc-1")).is_byoc


@pytest.mark.parametrize("text", ["2025-03-03T09:00:00", "yesterday", "", None])
def test_a_moment_without_a_zone_is_no_moment(text: object) -> None:
    assert parse_service(service_json(createdAt=text)).created_at is None


@pytest.mark.parametrize(
    ("mode", "word"),
    [("diagonal", "diagonal"), ("vertical", ""), ("horizontal", ""), (None, ""), (7, "")],
)
def test_a_way_of_scaling_that_the_portal_does_not_know_keeps_clouds_word(
    mode: object, word: str
) -> None:
    service = parse_service(service_json(autoscalingMode=mode))
    assert service.unknown_mode == word
    assert (f"does not know (“{word}”)" in (service.scaling_obstacle or "")) is bool(word)
