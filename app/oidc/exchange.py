"""One request to a provider and its JSON, within a bound; what the network does ends here.

No redirects, cookies, proxies or `.netrc`: what a provider's documents name is asked and nothing
else.
"""

import json
import logging
from contextlib import closing
from pathlib import Path
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from app.deadlines import DeadlineAdapter
from app.errors import ProviderRefusal, ProviderRefused
from app.files import read_bounded

TIMEOUTS_SECONDS = (2.0, 3.0)
"""To connect, and for the whole answer."""

MAX_BODY_BYTES = 256 * 1024

log = logging.getLogger("portal.oidc")


def read_document(place: str) -> dict[str, Any]:
    """The object at an https address or in a file. Raises ProviderRefused."""
    return _read_file(place) if place.startswith("/") else get_json(place)


def _read_file(path: str) -> dict[str, Any]:
    try:
        content = read_bounded(Path(path), MAX_BODY_BYTES)
    except OSError as error:
        log.warning("the keys in %s cannot be read: %s", path, type(error).__name__)
        raise ProviderRefused(ProviderRefusal.MISCONFIGURED) from None
    return _read_object(path, (200, content))


def get_json(url: str) -> dict[str, Any]:
    """The object at this address. Raises ProviderRefused."""
    request = requests.Request("GET", url, headers={"Accept": "application/json"})
    return _read_object(url, _send(request))


def _send(request: requests.Request) -> tuple[int, bytes]:
    with closing(DeadlineAdapter()) as adapter:
        try:
            prepared = request.prepare()
            response = adapter.send(prepared, stream=True, verify=True, timeout=TIMEOUTS_SECONDS)
            with closing(response):
                return response.status_code, read_body(response)
        except (OSError, ValueError, HTTPError) as error:
            raise unreachable(request.url, error) from None


def read_body(response: requests.Response) -> bytes:
    """The whole answer, as it is on the wire. Raises OSError, HTTPError, ProviderRefused."""
    body = b""
    while chunk := response.raw.read(MAX_BODY_BYTES + 1 - len(body), decode_content=True):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ProviderRefused(ProviderRefusal.MISCONFIGURED)
    return body


def unreachable(url: str, error: Exception) -> ProviderRefused:
    """The refusal; the log gets the kind of the error alone, since its text may hold a request."""
    log.warning("the identity provider did not answer at %s: %s", url, type(error).__name__)
    return ProviderRefused(ProviderRefusal.UNREACHABLE)


def _read_object(url: str, answer: tuple[int, bytes]) -> dict[str, Any]:
    status, body = answer
    if status >= 500 or status == 429:
        log.warning("the identity provider answered %s at %s", status, url)
        raise ProviderRefused(ProviderRefusal.UNREACHABLE)
    try:
        found = json.loads(body) if status == 200 else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        log.error("the identity provider has no document at %s (status %s)", url, status)
        raise ProviderRefused(ProviderRefusal.MISCONFIGURED)
    return found
