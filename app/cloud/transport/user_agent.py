"""How the portal names itself to Cloud, and on whose behalf it calls: Cloud's own activity log
keeps the User-Agent and nothing else of the portal's, so person and request are named there."""

import re

from app.context import current_context

LONGEST_PART = 64
UNFIT = re.compile(r"[^A-Za-z0-9._@+-]")
"""What could end the comment of a User-Agent, forge a part of it, or is no ASCII."""


def with_user(user_agent: str) -> str:
    """The portal's own User-Agent, with the person and the request in a comment if there are."""
    context = current_context()
    parts = {"user": context.user, "request": context.request_id}
    named = "; ".join(f"{name}={_fit(text)}" for name, text in parts.items() if text)
    return f"{user_agent} ({named})" if named else user_agent


def _fit(text: str) -> str:
    return UNFIT.sub("_", text)[:LONGEST_PART]
