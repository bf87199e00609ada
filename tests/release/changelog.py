"""Reads docs/CHANGELOG.md."""

import re
from dataclasses import dataclass
from datetime import date

from tests.support.portal import ROOT

HEADING = re.compile(r"^## \[(?P<name>[^\]]+)\](?: - (?P<day>\d{4}-\d{2}-\d{2}))?$", re.M)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
UNRELEASED = "Unreleased"


@dataclass(frozen=True)
class Section:
    """What follows one heading."""

    name: str
    day: date | None
    text: str

    @property
    def tables(self) -> str:
        """The last migration that belongs to it; empty if none is named."""
        found = re.search(r"^Tables: (\d{4})$", self.text, re.M)
        return found[1] if found else ""

    @property
    def kinds(self) -> list[str]:
        """Its parts."""
        return re.findall(r"^### (.+)$", self.text, re.M)

    @property
    def entries(self) -> list[str]:
        """What changed."""
        return re.findall(r"^- (.+)$", self.text, re.M)


def read_changelog() -> list[Section]:
    """Its sections, newest first."""
    text = (ROOT / "docs/CHANGELOG.md").read_text(encoding="utf-8")
    found = list(HEADING.finditer(text))
    ends = [*(item.start() for item in found[1:]), len(text)]
    return [
        Section(
            item["name"],
            date.fromisoformat(item["day"]) if item["day"] else None,
            text[item.end() : end],
        )
        for item, end in zip(found, ends, strict=True)
    ]
