"""Whether the portal could work as it is set up: looks at everything, changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from app.cli.check.access import check_access, check_files
from app.cli.check.endpoints import check_endpoints
from app.cli.check.key import check_clock, check_key, explain_refusal
from app.cli.check.providers import check_providers
from app.cli.check.report import Check, Level
from app.cli.check.store import StoreFaultError, check_store
from app.cli.check.warehouses import find_faults
from app.cloud.client import CloudClient
from app.domain.groups.group import Service
from app.errors import CloudError
from app.settings import Settings


def check_all(
    settings: Settings, client: CloudClient, now: Callable[[], datetime]
) -> Iterator[Check]:
    """Every check in turn. Wakes nothing: Cloud is asked for the lists of services and keys (only
    if it refuses, which organisation the key belongs to), and ClickHouse where a service runs.
    """
    groups = len(settings.catalog.all_groups())
    yield Check("settings", Level.OK, f"complete, with {_counted(groups, 'compute group')}.")
    for warning in settings.warnings:
        yield Check("settings", Level.WARNING, warning)
    yield from check_files(settings.secret_files)
    yield from _check_cloud(settings, client, now)
    yield from check_providers(settings.catalog, settings.assertion_proxies)
    yield _check_store(settings)


def _check_cloud(
    settings: Settings, client: CloudClient, now: Callable[[], datetime]
) -> Iterator[Check]:
    try:
        visible = {service.service_id: service for service in client.list_services()}
    except CloudError as error:
        remedy = explain_refusal(settings, client, error)
        yield Check("key", Level.FAULT, f"{error.message.rstrip('.')}.", remedy)
        yield Check("services", Level.FAULT, "not looked at, because the key does not work.")
        return
    clock = check_clock(client.answered_at, now())
    endpoints = list(check_endpoints(settings.catalog, visible))  # while the states still hold
    words = f"works, and ClickHouse Cloud shows it {_counted(len(visible), 'service')}."
    yield Check("key", Level.OK, words)
    yield from check_key(settings, client, now())
    yield clock
    yield from _check_services(settings, visible)
    yield from _check_warehouses(settings, visible)
    yield from check_access(settings.catalog, visible)
    yield from endpoints


def _check_services(settings: Settings, visible: Mapping[str, Service]) -> Iterator[Check]:
    hidden = {key: name for key, name in _configured(settings).items() if key not in visible}
    remedy = "Correct its id in the list of groups, or give the key's role access to it."
    for service_id, name in hidden.items():
        words = f"{name} ({service_id}) is not visible to the key."
        yield Check("services", Level.FAULT, words, remedy)
    if not hidden:
        yield Check("services", Level.OK, "every configured service is visible to the key.")


def _check_warehouses(settings: Settings, visible: Mapping[str, Service]) -> Iterator[Check]:
    faults = list(find_faults(settings.catalog, visible))
    for words in faults:
        yield Check("warehouses", Level.FAULT, words)
    if not faults:
        yield Check("warehouses", Level.OK, "as at ClickHouse Cloud.")


def _configured(settings: Settings) -> dict[str, str]:
    """Every service id that the list of groups names, with what to call it."""
    warehouses = settings.catalog.warehouses
    sign_in = {
        warehouse.sign_in_service_id: f"the sign-in service of {warehouse.name}"
        for warehouse in warehouses
        if warehouse.sign_in_service_id
    }
    return sign_in | {group.service_id: group.name for group in settings.catalog.all_groups()}


def _check_store(settings: Settings) -> Check:
    try:
        return Check("store", Level.OK, check_store(settings.database_url))
    except StoreFaultError as error:
        return Check("store", Level.FAULT, str(error))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
