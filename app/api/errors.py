"""What is wrong with a request before any rule of the portal's is asked, and what came to nothing.

Malformed            the request cannot be understood (400)
CredentialsNeeded    neither a name and password nor a token came with it (401)
QueryCredentialsOff  the query string holds a password where that is switched off (400)
NotJson              the body is not said to be JSON (415)
ChangeNotDone        a change was drawn up, and ClickHouse Cloud did not carry it out (502, 503)
"""

from app.domain.changes.change import Change, ChangeState, SettledCode
from app.errors import PortalError


class Malformed(PortalError):
    """The request cannot be understood."""

    code = "malformed"
    status = 400


class CredentialsNeeded(PortalError):
    """Neither a name and password nor a token came with the request."""

    code = "credentials_needed"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            message="This needs the name and password of a ClickHouse user, or a token of theirs.",
            remedy="Send name and password by HTTP Basic authentication, a token as Bearer.",
        )


class QueryCredentialsOff(PortalError):
    """The query string holds a password where that is switched off."""

    code = "query_credentials_off"
    status = 400

    def __init__(self) -> None:
        super().__init__(
            message="Names and passwords in the query string are not taken here.",
            remedy="Send them by HTTP Basic authentication.",
        )


class NotJson(PortalError):
    """The body is not said to be JSON."""

    code = "not_json"
    status = 415

    def __init__(self) -> None:
        super().__init__(
            message="The body must be JSON.", remedy="Send Content-Type: application/json."
        )


class ChangeNotDone(PortalError):
    """A change that ClickHouse Cloud refused, or that certainly never reached it."""

    def __init__(self, change: Change) -> None:
        is_rejected = change.state is ChangeState.REJECTED
        said = "ClickHouse Cloud rejected the change" if is_rejected else "The change failed"
        super().__init__(
            message=f"{said}: {change.settled_note}", remedy="Nothing was changed at Cloud."
        )
        self.change = change
        self.status = 502 if is_rejected else 503
        is_key_refused = change.settled_code is SettledCode.KEY_REFUSED
        failed = "cloud_key_refused" if is_key_refused else "cloud_unreachable"
        self.name = "cloud_rejected" if is_rejected else failed
