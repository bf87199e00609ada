"""What a request to the HTTP interface of a service proves itself with."""

from werkzeug.wrappers import Request

from app.sandbox.errors import refused


def read_token(request: Request) -> str | None:
    """Return the token of `Authorization: Bearer`, or None when there is none.

    Raises ClickHouseError when a name or key comes along with it.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    named = [request.headers.get(f"X-ClickHouse-{part}") for part in ("User", "Key")]
    if any(value is not None for value in named):
        raise refused(_from_header(named[0] or "default"))
    return token.strip()


def read_credentials(request: Request) -> tuple[str, str]:
    """Return name and password from headers, Basic or query; absent means `default` and none.

    Raises ClickHouseError when two ways are mixed or Basic cannot be decoded.
    """
    name, key = (request.headers.get(f"X-ClickHouse-{part}") for part in ("User", "Key"))
    has_basic = "Authorization" in request.headers
    if name is not None or key is not None:
        if has_basic:
            raise refused(_from_header(name or "default"))
        return _from_header(name or "default"), _from_header(key or "")
    if not has_basic:
        return request.args.get("user", "default"), request.args.get("password", "")
    basic = request.authorization  # werkzeug decodes as UTF-8 and splits at the first colon
    if basic is None or basic.type != "basic":
        raise refused("default")
    return basic.username or "default", basic.password or ""


def _from_header(value: str) -> str:
    """ClickHouse takes header values as raw UTF-8; WSGI hands them over as Latin-1.

    Blanks around a header's value are not part of it (RFC 9110, 5.5).
    """
    return value.strip(" \t").encode("latin-1").decode("utf-8", "replace")
