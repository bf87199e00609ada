"""Counters are differences for each host; what cannot be compared says nothing."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.load.samples import Counters, differences

FIGURES = st.one_of(st.none(), st.floats(0, 1e9))
HOSTS = st.dictionaries(st.sampled_from("abcd"), st.builds(Counters, FIGURES, FIGURES))


def test_what_every_host_counted_since_is_added_up() -> None:
    before = {"a": Counters(3, 10), "b": Counters(0, 0)}
    after = {"a": Counters(5, 10), "b": Counters(1, 4)}
    assert differences(before, after) == Counters(3, 4)


def test_a_host_that_began_anew_and_a_new_one_say_nothing() -> None:
    before = {"a": Counters(30, 2), "gone": Counters(99, 99)}
    after = {"a": Counters(1, 5), "new": Counters(40, 40)}
    assert differences(before, after) == Counters(0, 3)


def test_without_a_host_in_both_nothing_is_known() -> None:
    assert differences({}, {"a": Counters(1, 1)}) == Counters(None, None)
    assert differences({"a": Counters()}, {"a": Counters(1, 1)}) == Counters(None, None)


@given(HOSTS, HOSTS)
def test_a_difference_is_never_negative_nor_more_than_was_counted(
    before: dict[str, Counters], after: dict[str, Counters]
) -> None:
    found = differences(before, after)
    for name in ("memory_failures", "failed_queries"):
        most = sum(getattr(item, name) or 0 for item in after.values())
        assert 0 <= (getattr(found, name) or 0) <= most * 1.001


@given(HOSTS)
def test_nothing_happened_between_two_equal_samples(hosts: dict[str, Counters]) -> None:
    found = differences(hosts, hosts)
    assert (found.memory_failures or 0, found.failed_queries or 0) == (0, 0)
