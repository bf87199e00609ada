"""The requirements: all of level 1 and 2, and of level 3 those that the portal sets itself.

Ids and levels are those of OWASP ASVS 5.0.0; the words are ours. A chapter or section that is
about something the portal does not have stands as one line, such as `10.*`.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FILE = Path(__file__).with_name("requirements.tsv")


class Standing(StrEnum):
    """What becomes of a requirement."""

    TEST = "test"
    """It applies, and tests prove it."""
    LATER = "later"
    """It is about something that is not built yet."""
    NONE = "none"
    """It is about something that the portal does not have."""
    DEVIATES = "deviates"
    """It is not met, which is documented with what stands in for it."""


@dataclass(frozen=True)
class Requirement:
    """One line of the list; `reason` says why no test proves it."""

    key: str
    level: int
    words: str
    standing: Standing
    reason: str


def read_requirements() -> dict[str, Requirement]:
    """All of them by id, in the order of the standard. Raises ValueError for a spoilt file."""
    found: dict[str, Requirement] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        key, level, words, standing, reason = line.split("\t")
        if key in found:
            raise ValueError(f"{key} is there twice")
        found[key] = Requirement(key, int(level), words, Standing(standing), reason)
    return found
