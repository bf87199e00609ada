"""How the file of groups differs from what Cloud lists."""

from dataclasses import replace

import pytest

from app.domain.groups.catalog import Catalog
from app.domain.groups.difference import compare
from app.domain.groups.group import Particulars, Service
from app.domain.groups.states import ServiceState
from tests.unit.builders import (
    CAMPAIGNS_ID,
    PRIMARY,
    PRIMARY_ID,
    REPORTING,
    REPORTING_ID,
    make_catalog,
    make_service,
)

CATALOG = Catalog(make_catalog().warehouses[:1])


def service(key: str, name: str, data: str = "a") -> Service:
    """A service over some data."""
    made = make_service(key, state=ServiceState.RUNNING)
    return replace(made, cloud_name=name, particulars=Particulars(warehouse_id=data))


def cloud(*others: Service, without: str = "") -> dict[str, Service]:
    """Both groups of the file as they are there, and others."""
    both = (service(PRIMARY_ID, PRIMARY), service(REPORTING_ID, REPORTING))
    return {item.service_id: item for item in (*both, *others) if item.service_id != without}


def test_a_file_that_names_all_services_differs_in_nothing() -> None:
    found = compare(CATALOG, cloud())
    assert (found.is_same, found.list_lines()) == (True, ())


@pytest.mark.parametrize(("data", "home"), [("a", "Analytics"), ("b", "nor is any other")])
def test_a_service_that_the_file_does_not_name_is_missing(data: str, home: str) -> None:
    found = compare(CATALOG, cloud(service(CAMPAIGNS_ID, "New one", data)))
    (line,) = found.list_lines()
    assert not found.is_same
    assert line.startswith(f"missing: New one ({CAMPAIGNS_ID}) is at ClickHouse Cloud and not in")
    assert home in line


def test_a_group_that_cloud_does_not_list_is_gone() -> None:
    found = compare(CATALOG, cloud(without=REPORTING_ID))
    assert [group.name for group in found.gone] == [REPORTING]
    assert found.list_lines()[0].startswith(f"gone: {REPORTING} ({REPORTING_ID})")


@pytest.mark.parametrize("state", [ServiceState.TERMINATED, ServiceState.SOFTDELETING])
def test_a_deleted_service_is_gone_and_never_missing(state: ServiceState) -> None:
    services = cloud(replace(service(CAMPAIGNS_ID, "Old"), state=state))
    services[REPORTING_ID] = replace(services[REPORTING_ID], state=state)
    found = compare(CATALOG, services)
    assert ([group.name for group in found.gone], found.missing) == ([REPORTING], ())


def test_another_name_is_told_and_is_no_other_service() -> None:
    services = cloud()
    services[PRIMARY_ID] = service(PRIMARY_ID, "Main")
    found = compare(CATALOG, services)
    assert found.is_same
    assert found.list_lines() == (
        f"renamed: {PRIMARY} ({PRIMARY_ID}) is named Main at ClickHouse Cloud.",
    )


def test_the_sign_in_service_is_named_by_the_file() -> None:
    catalog = make_catalog(sign_in_service_id=CAMPAIGNS_ID).warehouses[:1]
    assert compare(Catalog(catalog), cloud(service(CAMPAIGNS_ID, "Door"))).is_same
