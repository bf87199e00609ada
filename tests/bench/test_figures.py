"""What becomes of measured numbers."""

import json

import pytest

from tests.bench.figures import KEYS, Figure, as_json, percentile, ratios, show, slope, table


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile([*range(100, 0, -1)], share) == value


def test_a_percentile_between_two_values_is_the_larger_one() -> None:
    assert percentile([1, 2, 3], 0.5) == 2


def test_of_nothing_the_percentile_is_nothing() -> None:
    assert percentile([], 0.99) == 0


def test_a_figure_is_the_median_with_its_range() -> None:
    figure = Figure.of("page_vs_bare", [0.5, 0.1, 0.3])
    assert (figure.median, figure.low, figure.high) == (0.3, 0.1, 0.5)


def test_sides_are_compared_round_by_round() -> None:
    assert ratios([10, 1], [20, 2]) == [0.5, 0.5]
    with pytest.raises(ValueError, match="shorter"):
        ratios([1, 2], [1])


def test_growth_is_that_of_the_line_through_all_points() -> None:
    assert slope([(0, 1), (1, 3), (2, 5)]) == 2
    assert slope([(0, 1), (1, 2), (2, 1)]) == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0, "0"), (8, "8"), (0.05678, "0.0568"), (12.345, "12.3"), (82417.5, "82418")],
)
def test_three_digits_are_shown(value: float | None, text: str) -> None:
    assert show(value) == text


def test_the_table_has_columns_and_no_range_of_a_single_value() -> None:
    shown = table([Figure.of("page", [1, 2, 3], "a note"), Figure("two", None, note="refused")])
    assert shown.splitlines()[1:] == [
        "page         2  1 to 3  a note",
        "two          -          refused",
    ]


def test_the_json_has_exactly_the_keys_and_null_for_what_is_missing() -> None:
    found = json.loads(as_json({"page_vs_bare": Figure("page_vs_bare", 0.3)}))
    assert tuple(found) == KEYS
    assert found.pop("page_vs_bare") == 0.3
    assert set(found.values()) == {None}
