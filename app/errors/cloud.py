"""What ClickHouse Cloud's API did not do."""

import math

from app.errors.base import PortalError


class CloudError(PortalError):
    """ClickHouse Cloud's API did not do what was asked.

    `request_id` is Cloud's, if it gave one; `upstream_status` that of its answer, if one came.
    `is_cut_short`: the portal had too little time left to wait for an answer, which says nothing
    about Cloud.
    """

    code = "cloud_error"
    status = 502
    is_cut_short = False

    def __init__(
        self,
        *,
        message: str,
        remedy: str = "",
        request_id: str | None = None,
        upstream_status: int | None = None,
    ) -> None:
        super().__init__(message=message, remedy=remedy)
        self.request_id = request_id
        self.upstream_status = upstream_status


class CloudUnreachable(CloudError):
    """No connection: the request was certainly not carried out."""

    code = "cloud_unreachable"
    status = 503


class CloudTooBusy(CloudError):
    """The request limit of the key is used up: certainly not carried out."""

    code = "cloud_too_busy"
    status = 503

    def __init__(self, *, message: str, remedy: str = "", retry_after_seconds: float) -> None:
        super().__init__(message=message, remedy=remedy, upstream_status=429)
        self.retry_after_seconds = retry_after_seconds


class CloudNotAsked(CloudError):
    """The portal itself holds the request back: certainly nothing was sent."""

    code = "cloud_not_asked"
    status = 503

    def __init__(self, *, message: str, retry_after_seconds: float) -> None:
        seconds = max(1, math.ceil(retry_after_seconds))
        unit = "second" if seconds == 1 else "seconds"
        super().__init__(message=message, remedy=f"Try again in {seconds} {unit}.")
        self.retry_after_seconds = float(seconds)


class CloudDown(CloudNotAsked):
    """Cloud was asked in vain several times, so it is left alone for a moment."""

    code = "cloud_down"


class CloudRejected(CloudError):
    """Cloud said no with a reason: certainly not carried out."""

    code = "cloud_rejected"


class CloudKeyRefused(CloudRejected):
    """Cloud refuses the portal's own key (401, 403): not the person's doing."""

    code = "cloud_key_refused"


class CloudNotFound(CloudRejected):
    """No such service, or the key cannot see it (Cloud answers 404 for both)."""

    code = "cloud_not_found"


class CloudAnswerLost(CloudError):
    """The request went out and nothing came back that tells whether it was carried out."""

    code = "cloud_answer_lost"
    status = 504
