"""When a refusal may be over: what is known of it, the same in pages and in the JSON API."""

import math

from app.errors import CloudNotAsked, CloudTooBusy, NotYet, PortalError

QUOTA_SECONDS = 60
"""After how long to try again where ClickHouse's own quota gives no time."""


def retry_after_of(error: PortalError) -> int | None:
    """Whole seconds until trying again makes sense; None where waiting alone does not help."""
    if isinstance(error, NotYet | CloudTooBusy | CloudNotAsked):
        return math.ceil(error.retry_after_seconds)
    return QUOTA_SECONDS if error.status == 429 else None


def retry_headers(error: PortalError) -> dict[str, str]:
    """The same as the header of an answer (RFC 9110, 10.2.3)."""
    seconds = retry_after_of(error)
    return {} if seconds is None else {"Retry-After": str(seconds)}
