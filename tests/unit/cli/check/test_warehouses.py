"""What `check-settings` finds out about warehouses."""

from dataclasses import replace

import pytest

from app.cli.check.warehouses import find_faults
from app.domain.groups.catalog import Catalog
from app.domain.groups.group import Particulars, Service
from app.domain.groups.states import ServiceState
from tests.unit.builders import PRIMARY_ID, REPORTING_ID, make_catalog, make_service

ANALYTICS = Catalog(make_catalog().warehouses[:1])
S = ServiceState


def faults(*services: Service) -> list[str]:
    """What is found with these services at Cloud."""
    return list(find_faults(ANALYTICS, {item.service_id: item for item in services}))


def over(data: str, service_id: str = PRIMARY_ID, state: ServiceState = S.RUNNING) -> Service:
    """A service over some data."""
    service = make_service(service_id, state=state)
    return replace(service, particulars=Particulars(warehouse_id=data))


def test_services_over_the_same_data_are_one_warehouse() -> None:
    assert faults(over("a"), over("a", REPORTING_ID)) == []
    assert faults(over("a"), over("", REPORTING_ID)) == []  # Cloud does not always say
    assert faults() == []


def test_a_service_over_other_data_is_named() -> None:
    (words,) = faults(over("a"), over("b", REPORTING_ID))
    assert f"({REPORTING_ID}) stands under Analytics" in words


@pytest.mark.parametrize("state", [S.RUNNING, S.IDLE, S.AWAKING, S.DEGRADED])
def test_one_service_that_can_check_a_password_is_enough(state: ServiceState) -> None:
    assert faults(over("a", state=S.STOPPED), over("a", REPORTING_ID, state)) == []


def test_a_warehouse_that_is_stopped_as_a_whole_is_named() -> None:
    stopped = [over("a", key, S.STOPPED) for key in (PRIMARY_ID, REPORTING_ID)]
    (words,) = faults(*stopped)
    assert words == "Analytics: none of its services is running or idle, so nobody can sign in."


def test_a_warehouse_without_an_https_endpoint_is_named() -> None:
    (words,) = faults(replace(over("a"), endpoints=()))
    assert "names no HTTPS endpoint" in words
