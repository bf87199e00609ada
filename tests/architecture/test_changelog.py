"""The changelog has the form that people and tools expect, and tells the state of the tables."""

import re

import pytest

from app import VERSION
from tests.release.changelog import KINDS, UNRELEASED, Section, read_changelog

SECTIONS = read_changelog()


def test_what_is_not_released_comes_first_and_releases_follow_newest_first() -> None:
    first, *released = SECTIONS
    assert (first.name, first.day) == (UNRELEASED, None)
    numbers = [tuple(map(int, section.name.split("."))) for section in released]
    assert all(len(number) == 3 for number in numbers)
    assert numbers == sorted(numbers, reverse=True)
    days = [section.day for section in released if section.day]
    assert len(days) == len(released)
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_each_section_has_the_kinds_of_the_form_and_no_empty_one(section: Section) -> None:
    assert set(section.kinds) <= KINDS
    parts = re.split(r"^### .+$", section.text, flags=re.M)[1:]
    assert all(re.search(r"^- ", part, re.M) for part in parts)


def test_this_version_is_the_newest_of_them_or_not_yet_released() -> None:
    newest = SECTIONS[1].name
    as_numbers = [tuple(map(int, name.split("."))) for name in (VERSION, newest)]
    assert as_numbers[0] >= as_numbers[1]
