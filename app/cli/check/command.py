"""Whether the portal could work as it is set up: looks at everything, changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.cli.check.store import StoreFaultError, check_store
from app.cli.check.warehouses import find_faults
from app.cloud.client import CloudClient
from app.errors import CloudError, CloudKeyRefused, CloudNotFound, CloudRejected
from app.settings import Settings


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    subject: str
    is_ok: bool
    words: str


def check_all(settings: Settings, client: CloudClient) -> Iterator[Check]:
    """Every check in turn. Asks Cloud for the list of services, which wakes nothing; only if it
    is refused, also which organisation the key belongs to."""
    groups = len(settings.catalog.all_groups())
    yield Check("settings", True, f"complete, with {_counted(groups, 'compute group')}")
    yield from _check_cloud(settings, client)
    yield _check_store(settings)


def _check_cloud(settings: Settings, client: CloudClient) -> Iterator[Check]:
    try:
        visible = {service.service_id: service for service in client.list_services()}
    except CloudError as error:
        remedy = _organization_remedy(settings, client, error) or _key_remedy(error)
        yield Check("key", False, f"{error.message.rstrip('.')}. {remedy}")
        yield Check("services", False, "not looked at, because the key does not work.")
        return
    yield Check("key", True, f"ClickHouse Cloud shows it {_counted(len(visible), 'service')}")
    hidden = {key: name for key, name in _configured(settings).items() if key not in visible}
    for service_id, name in hidden.items():
        yield Check("services", False, f"{name} ({service_id}) is not visible to the key. {_CURE}")
    if not hidden:
        yield Check("services", True, "every configured service is visible to the key")
    faults = list(find_faults(settings.catalog, visible))
    for words in faults:
        yield Check("warehouses", False, words)
    if not faults:
        yield Check("warehouses", True, "as at ClickHouse Cloud, and passwords can be checked")


def _organization_remedy(settings: Settings, client: CloudClient, error: CloudError) -> str:
    """What to do if the key is good and belongs to another organisation; empty if not."""
    if not isinstance(error, CloudRejected):
        return ""
    try:
        ids = client.list_organization_ids()
    except CloudError:
        return ""
    if not ids or settings.cloud.organization_id in ids:
        return ""
    return (
        f"The key works, and belongs to the organisation {', '.join(ids)}. "
        "Check CLICKHOUSE_ORGANIZATION_ID."
    )


def _key_remedy(error: CloudError) -> str:
    """What the person who sets the portal up can do; the error's own remedy is for its users."""
    if isinstance(error, CloudKeyRefused):
        return (
            "Check CLICKHOUSE_API_KEY and CLICKHOUSE_API_SECRET, and in the console whether the "
            "key is active, not expired, and open to this machine's address."
        )
    if isinstance(error, CloudNotFound):
        return "Check CLICKHOUSE_ORGANIZATION_ID."
    return "Check CLICKHOUSE_API_URL and that this machine can reach it, then try again."


_CURE = "Correct its id in the list of groups, or give the key's role access to it."


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
        return Check("store", True, check_store(settings.database_url))
    except StoreFaultError as error:
        return Check("store", False, str(error))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
