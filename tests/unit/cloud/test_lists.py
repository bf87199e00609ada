"""A list of services in which one makes no sense: it costs the others nothing."""

import logging
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.cloud.parsing.services import parse_service, parse_services
from app.domain.groups.states import ServiceState
from app.errors import CloudAnswerLost
from tests.support.cloud_json import ANY_JSON, FEW, MANY
from tests.unit.cloud.helpers import service_json

IDS = [f"0c000000-0000-4000-8000-0000000000{number}" for number in range(31, 36)]
FIVE = [service_json(id=service_id, name=f"Group {service_id[-2:]}") for service_id in IDS]
PARSED = [parse_service(item) for item in FIVE]
STATELESS = {name: value for name, value in FIVE[2].items() if name != "state"}
NAMELESS = {name: value for name, value in FIVE[2].items() if name != "id"}


def with_third(value: object) -> list[Any]:
    """The five, the third of them replaced."""
    return [*FIVE[:2], value, *FIVE[3:]]


@pytest.mark.parametrize(
    ("third", "said"),
    [
        (STATELESS, ""),
        (FIVE[2] | {"state": None}, ""),
        (FIVE[2] | {"state": 5}, ""),
        (FIVE[2] | {"state": "hibernating"}, "hibernating"),
    ],
)
def test_a_service_without_a_usable_state_is_one_of_unknown_state(third: object, said: str) -> None:
    services = parse_services(with_third(third))
    assert [item.service_id for item in services] == IDS
    assert (services[2].state, services[2].state_text) == (ServiceState.UNKNOWN, said)
    assert [services[place] for place in (0, 1, 3, 4)] == [*PARSED[:2], *PARSED[3:]]


@pytest.mark.parametrize(
    "third",
    [
        NAMELESS,
        FIVE[2] | {"id": None},
        FIVE[2] | {"id": "secret-canary"},
        FIVE[2] | {"id": 5},
        None,
        [],
        "secret-canary",
        7,
        {},
    ],
)
def test_what_has_no_usable_id_is_left_out_and_logged_once(
    third: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "portal.cloud"):
        assert list(parse_services(with_third(third))) == [*PARSED[:2], *PARSED[3:]]
    (line,) = caplog.messages
    assert line.startswith("1 of the 5 services")
    assert line.endswith(" 3")
    assert "canary" not in line


def test_many_without_an_id_are_one_short_line(caplog: pytest.LogCaptureFixture) -> None:
    assert len(parse_services([*[None] * 5000, FIVE[0]])) == 1
    (line,) = caplog.messages
    assert len(line) < 200


@pytest.mark.parametrize("value", [None, {}, "x", 5, {"services": []}, [None], ["x", {}]])
def test_only_what_is_no_list_of_services_at_all_is_a_lost_answer(value: object) -> None:
    with pytest.raises(CloudAnswerLost):
        parse_services(value)


def check_the_others(place: int, value: object) -> None:
    """Replace one of the five; the others must all be there and equal."""
    listed = [*FIVE[:place], value, *FIVE[place + 1 :]]
    others = PARSED[:place] + PARSED[place + 1 :]
    found = {item.service_id: item for item in parse_services(listed)}
    assert [found.get(item.service_id) for item in others] == others


@pytest.mark.parametrize("is_first", [True, False])
def test_of_a_service_listed_twice_the_one_with_figures_counts(*, is_first: bool) -> None:
    bare = {"id": IDS[0]}
    listed = [bare, service_json(id=IDS[0])] if is_first else [service_json(id=IDS[0]), bare]
    (found,) = parse_services(listed)
    assert found.configured is not None


@given(place=st.integers(0, 4), value=ANY_JSON)
@example(place=2, value=None)
@example(place=2, value={"id": IDS[2]})
@FEW
def test_any_one_service_may_be_anything(place: int, value: object) -> None:
    check_the_others(place, value)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@given(place=st.integers(0, 4), value=ANY_JSON)
@MANY
def test_any_one_service_may_be_anything_ten_thousand_times(place: int, value: object) -> None:
    check_the_others(place, value)
