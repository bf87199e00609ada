"""What a request to the JSON API must satisfy before anything in it is looked at.

No cookie counts here, so no page of another site can act for somebody who is signed in; where a
request comes from is judged by `app.http.origin`. Forms are refused besides.
"""

from flask import request

from app.api.errors import Malformed, NotJson
from app.http.origin import SAFE_METHODS

WITHOUT_BODY = SAFE_METHODS | {"DELETE"}
"""These take no body, and no form of a page can send them to another site."""


def check_request() -> None:
    """Raises NotJson, Malformed."""
    if request.method not in WITHOUT_BODY and request.mimetype != "application/json":
        raise NotJson
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        shown = ", ".join(sorted(repeated))[:100]
        raise Malformed(
            message=f"These parameters were sent more than once: {shown}.",
            remedy="Send each once.",
        )
