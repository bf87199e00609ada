"""The activity, for programs."""

from flask import Response, request

from app.api.activity.models import ActivityAnswer, ActivityEntryAnswer
from app.api.answers import answer
from app.api.credentials import header_caller
from app.domain.access.permissions import Identity
from app.domain.activity.entries import ActivityEntry
from app.domain.activity.search import cursor_text
from app.http.current import portal
from app.services.activity.service import ActivityPage, is_open


def list_activity() -> Response:
    """What happened to all groups that the caller may see."""
    who = portal().callers.identify_in(request.args.get("warehouse"), header_caller())
    page = portal().activity.list_entries(who, request.args, is_strict=True)
    return answer(
        ActivityAnswer(
            entries=[_show(entry, page, who) for entry in page.entries],
            older=cursor_text(page.older) if page.older else None,
            cloud_fault=page.error.message if page.error else None,
        )
    )


def _show(entry: ActivityEntry, page: ActivityPage, who: Identity) -> ActivityEntryAnswer:
    change, refusal, activity = entry.change, entry.refusal, entry.activity
    fact = change or refusal
    return ActivityEntryAnswer(
        kind="change" if change else "refusal" if refusal else "outside",
        at=entry.at,
        service_id=entry.service_id,
        group=page.groups[entry.service_id].name,
        user=fact.user if fact else None,
        action=_action_of(entry),
        outcome=entry.outcome,
        reference=change.reference if change and is_open(page, change, who) else None,
        reason=change.reason if change else "",
        note=change.settled_note if change else activity.words if activity else "",
        rules=list(refusal.codes) if refusal else [],
    )


def _action_of(entry: ActivityEntry) -> str:
    if entry.change:
        return entry.change.action.value
    if entry.refusal:
        return entry.refusal.step
    return entry.activity.kind if entry.activity else ""
