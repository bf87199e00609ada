"""Which addresses a password may be sent to."""

import ipaddress

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url


def check_endpoint_url(endpoint_url: str) -> None:
    """Raise ValueError unless passwords may be sent to this address.

    That is `https`, or `http` to this very machine, and nothing beside host and port: a name
    in the address would be sent as a second set of credentials, and a query would change
    settings, which a readonly user may not.
    """
    url = _parse(endpoint_url)
    if url is None or not url.host:
        raise ValueError("The endpoint's address cannot be understood.")
    if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.host)):
        raise ValueError("The endpoint's address must begin with https:// (http:// if loopback).")
    if url.auth is not None or url.request_uri != "/" or url.fragment is not None:
        raise ValueError("The endpoint's address must hold nothing but host and port.")


def _parse(endpoint_url: str) -> Url | None:
    # The parser that also decides where the request goes: two parsers could disagree on the host.
    try:
        return parse_url(endpoint_url)
    except LocationParseError:
        return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
