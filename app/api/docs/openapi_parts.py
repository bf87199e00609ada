"""The words of the OpenAPI document that stand in no operation's data."""

from typing import Any

DESCRIPTION = """\
View the compute groups of ClickHouse Cloud warehouses and change their size, within the bounds
that their owners set.

**Who you are.** Send the name and password of a ClickHouse user by HTTP Basic authentication, or
a personal token as `Authorization: Bearer cgp_…`. Your permissions are decided for each group by
the portal's own rules. An unknown service, an unknown user and a wrong password are answered alike.
Actions that ask for your password on the portal's pages have the password of the very request
checked again. The credentials of the portal's administrator are not taken.

**Personal tokens.** A person makes one on the account page of the portal. It may do what its owner
may do at that moment, within its scope of groups and permissions. What asks for the password is
refused (403) unless the scope says otherwise. No token makes another one.

**Errors.** Every error is a problem as RFC 9457 describes it, with a stable `code` for programs.
Validation errors (422) come all at once, each with its field.

**Idempotency.** A request with an `Idempotency-Key` can be sent again after a lost answer: the
same key and the same request lead to the same change.

Memory is in GB per replica (GiB, as ClickHouse Cloud counts), times are in UTC. Bodies are JSON
objects without further names; numbers must be numbers, and `16.0` is the whole number 16.
"""

SCHEMES: dict[str, Any] = {
    "basic": {"type": "http", "scheme": "basic"},
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "cgp_…"},
}

TAGS = {
    "api": "The API to use.",
    "legacy": "The paths of the earlier scaling API, for programs that were written for it. "
    "Credentials in the query string or the body work there, and are answered with a "
    "`Deprecation` header.",
}

MEANINGS = {
    200: "Done, or nothing was to be done",
    201: "ClickHouse Cloud accepted the change",
    202: "The change was sent, and its outcome is not known yet",
    400: "The request cannot be understood",
    401: "No credentials, or wrong ones",
    403: "Known, and not allowed",
    404: "Not there, or not for you to see",
    409: "Not possible now: another change is in progress, or the group's state does not allow it",
    413: "More was sent than anything here needs",
    415: "The body is not said to be JSON",
    422: "Validation failed; `errors` names every field",
    429: "Too many attempts",
    502: "ClickHouse Cloud refused, or did not do its part",
    503: "Not possible at the moment; nothing was changed",
    504: "ClickHouse Cloud did not answer, so the outcome may be open",
}

SERVER_ANSWERS = {
    "414": {
        "description": "The address is longer than 2048 characters; the server in front says so, "
        "not the API",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}
        },
    }
}
"""What comes before any request reaches the API (configs/gunicorn.py)."""

STATUS_HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}
OLD_HEADERS = ("Deprecation", "Link")


def _header(words: str, *, is_required: bool, **schema: object) -> dict[str, Any]:
    return {"description": words, "required": is_required, "schema": {"type": "string", **schema}}


HEADERS = {
    "Location": _header("Where to show the change again", is_required=True),
    "WWW-Authenticate": _header("That HTTP Basic or a token is wanted", is_required=True),
    "Retry-After": {
        "description": "After how many seconds to try again",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
    "Deprecation": _header(
        "Since when credentials outside HTTP Basic are not the way to use (RFC 9745); present "
        "where they came so",
        is_required=False,
        pattern="^@[0-9]+$",
    ),
    "Link": _header("Where that is explained", is_required=False),
}
