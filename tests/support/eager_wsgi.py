"""The portal with its ordinary request budget and no view that it keeps: every look asks Cloud.

So a few pages ask for more than Cloud allows. What Cloud says of what is left is not listened to:
nothing but the portals' own count holds them back.
"""

from app.cloud import activity_log, snapshot
from app.cloud.transport.budget import RequestBudget

snapshot.FRESH_SECONDS = activity_log.FRESH_SECONDS = 0.0
RequestBudget.note = lambda *_: None  # type: ignore[method-assign]

from wsgi import app  # noqa: E402 - the application is built when it is imported

__all__ = ["app"]
