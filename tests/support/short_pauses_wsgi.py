"""The portal as it is, but for many people at once and many faults in a short time.

No bound on its requests to Cloud, and little rest after a refused key or a failing Cloud: else one
fault of a minute would keep everybody from doing anything for the rest of it.
"""

from app.cloud.transport import circuit
from app.cloud.transport import key_rejections as refusals
from app.domain import request_budget

request_budget.WINDOW_SECONDS = 0
circuit.PAUSE_SECONDS = 1.0
refusals.PAUSE_SECONDS = 2.0

from wsgi import app  # noqa: E402 - the application is built when it is imported

__all__ = ["app"]
