"""How the largest number is found."""

import pytest

from tests.bench.pacing import pause_after
from tests.bench.searching import largest


@pytest.mark.parametrize(
    ("limit", "refinements", "found"),
    [
        (10_000, 1, 4000),  # no more is tried
        (1999, 0, 1000),
        (1999, 1, 1414),
        (1999, 2, 1682),
        (499, 0, 250),
        (499, 1, 354),
        (15, 0, 15),
        (14, 3, 0),
    ],
)
def test_it_is_bracketed_and_then_tried_more_closely(
    limit: int, refinements: int, found: int
) -> None:
    tried: list[int] = []

    def holds(number: int) -> bool:
        tried.append(number)
        return number <= limit

    assert largest(holds, start=500, most=4000, refinements=refinements) == found
    assert len(tried) == len(set(tried)), "tried twice"


@pytest.mark.parametrize(
    ("elapsed", "pause"), [(0.01, 2.0), (0.144, 2.0), (0.25, 2.95), (1.0, 6.91), (60.0, 30.0)]
)
def test_an_open_page_asks_a_slow_server_less_often(elapsed: float, pause: float) -> None:
    assert pause_after(elapsed) == pytest.approx(pause, abs=0.01)
