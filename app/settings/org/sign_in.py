"""Contradictions in how people sign in, as `contradictions` finds those of limits."""

from collections.abc import Iterator

from app.domain.identity_providers import RolesFrom, SignInWay
from app.settings.org.faults import Fault
from app.settings.org.schema import WarehouseEntry, WarehousesFile


def in_sign_in(file: WarehousesFile) -> Iterator[Fault]:
    """Those of the providers, and of each warehouse with them and with the other warehouses."""
    yield from _in_providers(file)
    yield from _in_services(file)
    for path, warehouse in file.by_path().items():
        yield from _in_way(warehouse, path)
        yield from _in_roles(warehouse, path, file)


def _in_providers(file: WarehousesFile) -> Iterator[Fault]:
    """A person is an issuer and a subject, and has one name, which begins with one key."""
    keys: dict[str, str] = {}
    for key, provider in file.identity_providers.items():
        first = keys.setdefault(provider.issuer, key)
        if first != key:
            what = f"is that of identity_providers.{first} too"
            remedy = "Name one provider for each issuer."
            yield Fault(f"identity_providers.{key}.issuer", what, remedy)
        if (provider.client_id is None) == (provider.proxy is None):
            what = "has neither client_id nor proxy" if provider.proxy is None else "has both"
            remedy = (
                "Write client_id of a provider, or proxy for one in front with a signed header."
            )
            yield Fault(f"identity_providers.{key}", what, remedy)


def _in_way(warehouse: WarehouseEntry, path: str) -> Iterator[Fault]:
    has_provider = warehouse.identity_provider is not None
    if has_provider == (warehouse.sign_in != SignInWay.PASSWORD):
        return
    what = f"is {warehouse.sign_in}, and {path}.identity_provider is "
    if has_provider:
        yield Fault(f"{path}.sign_in", f"{what}given", "Write oidc or both, or drop the provider.")
    else:
        yield Fault(f"{path}.sign_in", f"{what}missing", "Name one of identity_providers.")


def _in_roles(warehouse: WarehouseEntry, path: str, file: WarehousesFile) -> Iterator[Fault]:
    """ClickHouse takes tokens of a provider, and no proxy's."""
    name = warehouse.identity_provider or ""
    provider = file.identity_providers.get(name)
    if provider and provider.proxy and warehouse.roles_from != RolesFrom.CLAIM:
        what = f"is {warehouse.roles_from}, and identity_providers.{name} is a proxy"
        yield Fault(f"{path}.roles_from", what, "Write claim.")


def _in_services(file: WarehousesFile) -> Iterator[Fault]:
    """Users are those of one warehouse: a service of another one proves somebody else."""
    warehouses = file.by_path().items()
    places = {
        group.service_id: (path, f"{path}.groups[{index}].service_id")
        for path, warehouse in warehouses
        for index, group in enumerate(warehouse.groups)
    }
    for path, warehouse in warehouses:
        service_id, key = warehouse.sign_in_service_id, f"{path}.sign_in_service_id"
        home, place = places.setdefault(service_id or key, (path, key))
        if home != path:
            yield Fault(key, f"is the same as {place}", "Name a service of this warehouse.")
