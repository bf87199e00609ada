"""Where a request comes from: the one place that reads the address of a client."""

from flask import request

from app.domain.access.addresses import normalise


def client_address() -> str:
    """The address that the trusted proxies vouch for, in the one form that everything uses."""
    return normalise(request.remote_addr or "")
