"""One entry of the activity as a row of the table."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Identity
from app.domain.activity.activities import ACTOR_WORDS, Activity
from app.domain.activity.entries import ActivityEntry, ActivityOutcome, Refusal
from app.domain.changes.change import Change, ChangeOrigin
from app.domain.groups.states import Tone
from app.services.activity.service import ActivityPage, is_open
from app.web.changes.wording import outcome_of
from app.web.formatting.rules import rule_words
from app.web.formatting.sizes import show_idle_timeout, show_parts

OUTCOMES = {
    ActivityOutcome.DONE: "Accepted",
    ActivityOutcome.IN_PROGRESS: "Being sent",
    ActivityOutcome.FAILED: "Failed or rejected by ClickHouse Cloud",
    ActivityOutcome.UNKNOWN: "Unknown",
    ActivityOutcome.REFUSED: "Rejected by a rule of this portal",
    ActivityOutcome.OUTSIDE: "Made outside this portal",
}
"""What can be asked for, and how the outcome of what is no change reads."""

TONES = {
    ActivityOutcome.DONE: Tone.UP,
    ActivityOutcome.IN_PROGRESS: Tone.MOVING,
    ActivityOutcome.FAILED: Tone.TROUBLE,
    ActivityOutcome.UNKNOWN: Tone.TROUBLE,
    ActivityOutcome.REFUSED: Tone.OFF,
    ActivityOutcome.OUTSIDE: Tone.RESTING,
}

STEPS = {
    "draft": "Requested a change",
    "confirm": "Confirmed a change",
    "save_schedule": "Saved a schedule",
    "boost_extend": "Extended a boost",
    "boost_take_over": "Kept the size of a boost",
}
"""What somebody was about to do when a rule refused it."""

ORIGINS = {ChangeOrigin.BOOST: "end of a boost", ChangeOrigin.SCHEDULE: "schedule"}
LONGEST_NOTE = 300


@dataclass(frozen=True)
class ActivityRow:
    """What the row says. `reference` is empty where there is no change to open."""

    at: datetime
    service_id: str
    group: str
    user: str
    what: str
    differences: tuple[str, ...]
    tone: Tone
    outcome: str
    why: tuple[tuple[str, str], ...]
    reference: str


def row_of(entry: ActivityEntry, page: ActivityPage, identity: Identity) -> ActivityRow:
    """The row of one entry, as far as this person may know."""
    change, refusal, activity = entry.change, entry.refusal, entry.activity
    is_auditor = entry.service_id in page.audited
    reference = change.reference if change and is_open(page, change, identity) else ""
    return ActivityRow(
        at=entry.at,
        service_id=entry.service_id,
        group=page.groups[entry.service_id].name,
        user=_user(change or refusal, activity, is_auditor=is_auditor),
        what=_what(change, refusal, activity),
        differences=differences_of(change) if change else (),
        tone=TONES[entry.outcome],
        outcome=outcome_of(change) if change else OUTCOMES[entry.outcome],
        why=tuple(_why(change, refusal)),
        reference=reference,
    )


def differences_of(change: Change) -> tuple[str, ...]:
    """What was to become another: size and idle timeout, before and after."""
    before, target = change.before, change.target
    if before is None or target is None:
        return ()
    pairs = [(show(before), show(target)) for show in (show_parts, show_idle_timeout)]
    return tuple(f"{was} → {will}" for was, will in pairs if was != will)


def _user(fact: Change | Refusal | None, activity: Activity | None, *, is_auditor: bool) -> str:
    if activity is None:
        return fact.user if fact else ""
    name = activity.actor_name if is_auditor else ""
    return f"{name}, {ACTOR_WORDS[activity.actor]}" if name else ACTOR_WORDS[activity.actor]


def _what(change: Change | None, refusal: Refusal | None, activity: Activity | None) -> str:
    if change:
        order = ORIGINS.get(change.origin)
        words = "Boost" if change.is_boost else change.action.spec.label
        return f"{words} ({order})" if order else words
    if refusal:
        return STEPS.get(refusal.step, rule_words(refusal.step) or "Request")
    return activity.words if activity else ""


def _why(change: Change | None, refusal: Refusal | None) -> list[tuple[str, str]]:
    """What stood in the way, and the reason that was given."""
    if refusal:
        return [("Rule", rule_words(code)) for code in refusal.codes]
    said = [("Note", change.settled_note), ("Reason", change.reason)] if change else []
    return [(label, text[:LONGEST_NOTE]) for label, text in said if text]
