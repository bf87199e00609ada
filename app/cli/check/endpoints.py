"""Whether ClickHouse answers where passwords would be checked: one endpoint of each warehouse.

A service that is idle or stopped is never connected to, since a connection would wake it.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from app.cli.check.report import Check, Level
from app.clickhouse.probe import find_obstacle
from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.domain.groups.group import Service
from app.errors import CredentialRefusal
from app.services.sign_in.verifiers.endpoints import is_up, list_candidates

SUBJECT = "endpoints"
AT_A_TIME = 16
"""So that the states that were just read still hold when the last one is connected to."""

_WORDS: dict[CredentialRefusal, tuple[str, str]] = {
    CredentialRefusal.UNREACHABLE: (
        "cannot be reached, or does not answer",
        "Check names, firewalls and proxies between this machine and it.",
    ),
    CredentialRefusal.NOT_ON_ACCESS_LIST: (
        "closes the connection without an answer",
        "Add the address of this machine to the IP access list of the service.",
    ),
    CredentialRefusal.UNTRUSTED_CERTIFICATE: (
        "shows a certificate that is not trusted here",
        "Install the system's certificate authorities, or look for a proxy that opens TLS.",
    ),
    CredentialRefusal.NOT_TLS: (
        "does not speak TLS",
        "Look whether the port leads to plain HTTP, or a proxy stands in the way.",
    ),
    CredentialRefusal.NOT_CLICKHOUSE: (
        "is answered by something other than ClickHouse",
        "Look for a proxy that stands in the way.",
    ),
}


def check_endpoints(catalog: Catalog, services: Mapping[str, Service]) -> Iterator[Check]:
    """One finding for each warehouse in which ClickHouse checks passwords.

    `services` is what Cloud lists at this moment.
    """
    warehouses = [item for item in catalog.warehouses if item.local_user is None]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield from pool.map(lambda item: _check(item, services), warehouses)


def _check(warehouse: WarehouseDefinition, services: Mapping[str, Service]) -> Check:
    service = next(filter(is_up, list_candidates(warehouse, services)), None)
    endpoint = service.https_endpoint if service else None
    if service is None or endpoint is None:
        words = f"{warehouse.name}: not tried, since none of its services is running."
        remedy = "Connecting would wake one; start one and check again to be sure."
        return Check(SUBJECT, Level.WARNING, words, remedy)
    place = f"{warehouse.name}: {endpoint.host}:{endpoint.port} ({service.cloud_name})"
    try:
        obstacle = find_obstacle(endpoint.base_url)
    except ValueError:
        words = f"{place} is no address that can be asked, so nobody can sign in there."
        return Check(SUBJECT, Level.FAULT, words, "Look at the service in the console.")
    if obstacle is None:
        return Check(SUBJECT, Level.OK, f"{place} is answered by ClickHouse.")
    what, remedy = _WORDS[obstacle]
    return Check(SUBJECT, Level.FAULT, f"{place} {what}, so nobody can sign in there.", remedy)
