"""Pages of long lists, and the order in which people count."""

import pytest

from app.domain.paging import PageOf, natural_key, page_of


@pytest.mark.parametrize(
    ("wanted", "number", "items", "first", "last"),
    [
        ("", 1, (0, 1, 2), 1, 3),
        ("2", 2, (3, 4, 5), 4, 6),
        ("3", 3, (6,), 7, 7),
        ("99", 3, (6,), 7, 7),
        ("0", 1, (0, 1, 2), 1, 3),
        ("-1", 1, (0, 1, 2), 1, 3),
        ("two", 1, (0, 1, 2), 1, 3),
        ("²", 1, (0, 1, 2), 1, 3),
        ("9" * 5000, 1, (0, 1, 2), 1, 3),
    ],
)
def test_whatever_is_asked_for_is_a_page(
    wanted: str, number: int, items: tuple[int, ...], first: int, last: int
) -> None:
    page = page_of(range(7), wanted, 3)
    assert (page.number, page.items, page.first, page.last) == (number, items, first, last)
    assert (page.count, page.total) == (3, 7)


def test_an_empty_list_has_one_empty_page() -> None:
    page: PageOf[int] = page_of((), "", 3)
    assert (page.items, page.count, page.total) == ((), 1, 0)


def test_names_are_sorted_as_people_count() -> None:
    names = ["group 10", "Group 2", "group 2a", "group", "10", "9", "group 1" + "0" * 40, ""]
    assert sorted(names, key=natural_key) == [
        "",
        "9",
        "10",
        "group",
        "Group 2",
        "group 2a",
        "group 10",
        "group 1" + "0" * 40,
    ]
