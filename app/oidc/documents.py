"""What a provider publishes: its metadata and its keys, kept for a while by each process.

Keys are read anew where a token names one that is not known, so that a rotation needs nobody; what
was read last replaces all of what was there, so that an old key ends with it.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.concurrency import KeyedLock
from app.domain.groups.group import is_loopback
from app.errors import ProviderRefusal, ProviderRefused
from app.oidc.exchange import read_document

METADATA_SECONDS = 3600.0
KEYS_SECONDS = 300.0
"""An old key counts for so long at most after it was withdrawn, where no token names a new one."""

PAUSE_SECONDS = 5.0
"""After a failure nobody waits for the same document for so long."""

WAIT_SECONDS = 6.0

WELL_KNOWN = "/.well-known/openid-configuration"

log = logging.getLogger("portal.oidc")


@dataclass(frozen=True)
class Metadata:
    """The addresses of a provider (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    takes_basic: bool


@dataclass
class _Entry:
    value: Any
    read_at: float
    failure: ProviderRefused | None = None


class Documents:
    """Reads each document once for all threads. Thread-safe."""

    def __init__(
        self,
        read: Callable[[str], dict[str, Any]] = read_document,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read, self._monotonic = read, monotonic
        self._locks, self._guard = KeyedLock(), threading.Lock()
        self._entries: dict[str, _Entry] = {}

    def find_metadata(self, issuer: str) -> Metadata:
        """The metadata of an issuer, which must name itself so. Raises ProviderRefused."""
        address = issuer.rstrip("/") + WELL_KNOWN

        def parse(found: dict[str, Any]) -> Metadata:
            return parse_metadata(found, issuer)

        metadata: Metadata = self._find(address, METADATA_SECONDS, parse)
        return metadata

    def find_keys(self, address: str, kid: str | None) -> KeySet:
        """The keys at an address; read anew where `kid` is not among them. Raises ProviderRefused.

        Only who comes with a code that the provider redeemed can make it be read.
        What is returned need not have the key: the signature is for the caller to check.
        """
        return self._find_keys(address, kid, 0.0)

    def find_proxy_keys(self, address: str, kid: str | None) -> KeySet:
        """The same of a proxy, at an address or in a file. Anybody can come with any `kid`, so
        that they are read every few seconds at most. Raises ProviderRefused."""
        return self._find_keys(address, kid, PAUSE_SECONDS)

    def _find_keys(self, address: str, kid: str | None, pause_seconds: float) -> KeySet:
        keys: KeySet = self._find(address, KEYS_SECONDS, parse_keys)
        if kid is None or any(key.kid == kid for key in keys.keys):
            return keys
        renewed: KeySet = self._find(address, pause_seconds, parse_keys)
        return renewed

    def _find(self, address: str, seconds: float, parse: Callable[[dict[str, Any]], object]) -> Any:  # noqa: ANN401 - what `parse` returns
        with self._locks.acquire(address, wait_seconds=WAIT_SECONDS):
            entry = self._entries.get(address)
            age = self._monotonic() - entry.read_at if entry else 0.0
            if entry and entry.failure and age < PAUSE_SECONDS:
                raise ProviderRefused(entry.failure.refusal)
            if entry and not entry.failure and age < seconds:
                return entry.value
            return self._read_anew(address, parse)

    def _read_anew(self, address: str, parse: Callable[[dict[str, Any]], object]) -> object:
        try:
            value = parse(self._read(address))
        except ProviderRefused as failure:
            self._entries[address] = _Entry(None, self._monotonic(), failure)
            raise
        self._entries[address] = _Entry(value, self._monotonic())
        return value


def parse_metadata(found: dict[str, Any], issuer: str) -> Metadata:
    """The metadata, if it is the issuer's own and names safe addresses. Raises ProviderRefused."""
    if found.get("issuer") != issuer:
        raise _faulty(issuer, "names another issuer")
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Metadata(
        issuer=issuer,
        authorization_endpoint=_address(found, "authorization_endpoint", issuer),
        token_endpoint=_address(found, "token_endpoint", issuer),
        jwks_uri=_address(found, "jwks_uri", issuer),
        end_session_endpoint=_address(found, "end_session_endpoint", issuer)
        if found.get("end_session_endpoint")
        else None,
        takes_basic=isinstance(methods, list) and "client_secret_basic" in methods,
    )


def parse_keys(found: dict[str, Any]) -> KeySet:
    """The keys of a JWKS; those that make no sense are left out. Raises ProviderRefused."""
    listed = found.get("keys")
    keys = []
    for item in listed if isinstance(listed, list) else []:
        try:
            keys += KeySet.import_key_set({"keys": [item]}).keys
        except (JoseError, ValueError, TypeError, KeyError):  # of a kind that is not known here
            continue
    if not keys:
        log.error("the identity provider publishes no keys")
        raise ProviderRefused(ProviderRefusal.MISCONFIGURED)
    return KeySet(keys)


def _address(found: dict[str, Any], name: str, issuer: str) -> str:
    text = found.get(name)
    try:
        url = urlsplit(text) if isinstance(text, str) else urlsplit("")
    except ValueError:
        raise _faulty(issuer, f"has no usable {name}") from None
    is_own = is_loopback(url.hostname or "")
    # Nobody elsewhere may send the portal to what listens on its own machine.
    is_safe = is_loopback(urlsplit(issuer).hostname or "") if is_own else url.scheme == "https"
    is_safe = is_safe and url.scheme in {"http", "https"}
    if not isinstance(text, str) or not url.hostname or not is_safe or not text.isprintable():
        raise _faulty(issuer, f"has no usable {name}")
    return text


def _faulty(issuer: str, what: str) -> ProviderRefused:
    log.error("the metadata of %s %s", issuer, what)
    return ProviderRefused(ProviderRefusal.MISCONFIGURED)
