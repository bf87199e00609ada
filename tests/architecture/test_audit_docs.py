"""docs/audit.md lists what the audit log holds, no more and no less."""

import json
import re

from app.domain.audit.events import (
    Actor,
    App,
    AuditTarget,
    Channel,
    Event,
    EventKind,
    Origin,
    Result,
)
from tests.architecture.tree import ROOT
from tests.support.events import NOW

TEXT = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
PLACE = {"seq", "prev_hash", "hash"}


def named_in(heading: str) -> set[str]:
    """The names in the first column of the table under a heading."""
    part = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall("`([a-z_.]+)`", row.split(" | ")[0])}


# ASVS 16.1.1
def test_every_kind_of_event_is_listed() -> None:
    assert named_in("Kinds") == {kind.value for kind in EventKind}


# ASVS 16.1.1
def test_every_field_is_listed() -> None:
    event = Event(
        EventKind.STARTUP,
        NOW,
        "",
        Result.SUCCESS,
        Origin(Channel.PAGE),
        Actor(),
        AuditTarget(),
        "",
        App(),
    )
    names = set()
    for name, value in json.loads(event.text()).items():
        parts = value if isinstance(value, dict) else {}
        names |= {f"{name}.{part}" for part in parts} or {name}
    assert named_in("Fields") == names | PLACE


def test_every_channel_and_result_is_explained() -> None:
    for word in (*Channel, *Result):
        assert f"`{word}`" in TEXT
