"""What ClickHouse Cloud's API did not do."""

from app.errors.base import PortalError


class CloudError(PortalError):
    """ClickHouse Cloud's API did not do what was asked. `request_id` is Cloud's, if it gave one."""

    code = "cloud_error"
    status = 502

    def __init__(self, *, message: str, remedy: str = "", request_id: str | None = None) -> None:
        super().__init__(message=message, remedy=remedy)
        self.request_id = request_id


class CloudUnreachable(CloudError):
    """No connection: the request was certainly not carried out."""

    code = "cloud_unreachable"
    status = 503
    may_retry = True


class CloudTooBusy(CloudError):
    """The request limit of the key is used up: certainly not carried out."""

    code = "cloud_too_busy"
    status = 503
    may_retry = True

    def __init__(self, *, message: str, remedy: str = "", retry_after_seconds: float) -> None:
        super().__init__(message=message, remedy=remedy)
        self.retry_after_seconds = retry_after_seconds


class CloudRejected(CloudError):
    """Cloud said no with a reason: certainly not carried out."""

    code = "cloud_rejected"

    def __init__(self, *, message: str, request_id: str | None, upstream_status: int) -> None:
        super().__init__(message=message, request_id=request_id)
        self.upstream_status = upstream_status


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
