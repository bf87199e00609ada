"""The portal as it is, but with room for tests: many requests to Cloud, every view read anew.

The figures hold back what the portal asks of the real Cloud (10 requests in 10 s, one view for
5 s, a rest after failures and refusals), and what of refusals it keeps in its audit log. Over the
sandbox they would only make tests wait. Everything else is the ordinary entry.
"""

from app.cloud import activity_log, snapshot
from app.cloud.transport import circuit
from app.cloud.transport import key_rejections as refusals
from app.cloud.transport.budget import RequestBudget
from app.services.audit import refusal_budget

refusal_budget.PER_SOURCE = refusal_budget.IN_TOTAL = 1_000_000
refusal_budget.IN_A_DAY = refusal_budget.OF_STRANGERS_IN_A_DAY = 1_000_000
snapshot.FRESH_SECONDS = activity_log.FRESH_SECONDS = 0.0
circuit.PAUSE_SECONDS = refusals.PAUSE_SECONDS = 0.0
RequestBudget.take = lambda *_, **__: None  # type: ignore[method-assign]
RequestBudget.note = lambda *_: None  # type: ignore[method-assign] # no rest after a 429

from wsgi import app  # noqa: E402 - the application is built when it is imported

__all__ = ["app"]
