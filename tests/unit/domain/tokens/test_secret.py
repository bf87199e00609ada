"""How a token is written: what is mistyped, cut off or made up never costs a query."""

import random
import re

import pytest

from app.domain.tokens.secret import (
    ALPHABET,
    PATTERN,
    RANDOM_CHARACTERS,
    checksum,
    is_well_formed,
    write_secret,
)

SECRET = write_secret("Z" * RANDOM_CHARACTERS)


def test_a_token_is_well_formed_and_fits_the_pattern_of_scanners() -> None:
    assert is_well_formed(SECRET)
    assert re.fullmatch(PATTERN, SECRET)
    assert len(SECRET) == 40


def test_the_checksum_is_what_the_documentation_says() -> None:
    # Worked out apart: CRC-32 of the text is 0xCBF43926, in base 62 of six digits.
    assert checksum("123456789") == "3jZRME"
    assert sum(ALPHABET.index(c) * 62**n for n, c in enumerate("3jZRME"[::-1])) == 0xCBF43926


@pytest.mark.parametrize(
    "text",
    ["", "cgp_", SECRET[:-1], SECRET + "A", SECRET.upper(), f" {SECRET}", f"{SECRET}\n", "é" * 40],
)
def test_other_text_is_none(text: str) -> None:
    assert not is_well_formed(text)


def test_ten_thousand_mutations_are_none() -> None:
    chance = random.Random(17)  # noqa: S311 - the same each time
    for _ in range(10_000):
        assert not is_well_formed(mutate(SECRET, chance))


def mutate(secret: str, chance: random.Random) -> str:
    """The token with one to three characters replaced, swapped, left out or put in."""
    text = secret
    while text == secret:
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(text))
            letter = chance.choice(ALPHABET)
            kept = chance.randint(0, 1)
            text = text[:place] + letter + text[place + kept :]
    return text
