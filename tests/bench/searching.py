"""Finding the largest number for which something holds, in few and costly attempts. Pure."""

from collections.abc import Callable


def largest(
    holds: Callable[[int], bool], *, start: int, most: int, refinements: int, least: int = 15
) -> int:
    """Doubles while it holds, or halves until it does, then tries between the two, in even ratios.

    Returns 0 if it does not hold for `least` either.
    """
    good, bad = _bracket(holds, start, most, least)
    for _ in range(refinements if good and bad else 0):
        middle = round((good * bad) ** 0.5)
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    return good


def _bracket(holds: Callable[[int], bool], start: int, most: int, least: int) -> tuple[int, int]:
    """The largest that was seen to hold and the smallest that was not; 0 for none."""
    number = start
    if holds(number):
        while number < most:
            if not holds(min(2 * number, most)):
                return number, min(2 * number, most)
            number = min(2 * number, most)
        return number, 0
    while number > least:
        bad, number = number, max(number // 2, least)
        if holds(number):
            return number, bad
    return 0, number
