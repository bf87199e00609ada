"""A compute group as one person sees it."""

import pytest

from app.domain.access.permissions import Permission
from app.domain.groups.group import Endpoint, Service, is_loopback
from app.domain.groups.states import ServiceState
from tests.unit.builders import PRIMARY_ID, make_group, make_service


def test_a_running_service_can_be_scaled() -> None:
    assert make_service().scaling_obstacle is None
    assert make_group(make_service()).scaling_obstacle is None


@pytest.mark.parametrize(
    ("service", "word"),
    [
        (make_service(profile="v1-highmem-xl"), "custom hardware profile"),
        (make_service(is_byoc=True), "own cloud account"),
        (make_service(configured=None), "no scaling settings"),
        (make_service(state=ServiceState.STOPPING), "stopping"),
        (make_service(state=ServiceState.TERMINATED), "can no longer be used"),
        (make_service(state=ServiceState.UNKNOWN), "not known"),
    ],
)
def test_what_cannot_be_scaled_says_why(service: Service, word: str) -> None:
    obstacle = make_group(service).scaling_obstacle
    assert obstacle is not None
    assert word in obstacle
    assert obstacle.endswith(".")


def test_a_service_that_cloud_does_not_show_has_no_known_state_and_cannot_be_scaled() -> None:
    group = make_group(None, Permission.VIEW)
    assert group.state is ServiceState.UNKNOWN
    assert group.scaling_obstacle is not None
    assert "does not show" in group.scaling_obstacle


def test_a_group_carries_the_name_of_the_owners_and_the_permissions_of_the_person() -> None:
    group = make_group(make_service(cloud_name="svc-0815"), Permission.VIEW)
    assert (group.name, group.service_id) == ("Analytics primary", PRIMARY_ID)
    assert group.may(Permission.VIEW)
    assert not group.may(Permission.SCALE)


def test_passwords_are_checked_at_the_https_endpoint() -> None:
    native, https = Endpoint("nativesecure", "a.test", 9440), Endpoint("https", "a.test", 8443)
    assert make_service(endpoints=(native, https)).https_endpoint == https
    assert make_service(endpoints=(native,)).https_endpoint is None


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("group.example.test", "https://group.example.test:8443"),
        ("127.0.0.1", "http://127.0.0.1:8443"),
        ("127.9.9.9", "http://127.9.9.9:8443"),
        ("localhost", "http://localhost:8443"),
        ("::1", "http://[::1]:8443"),
        ("2001:db8::1", "https://[2001:db8::1]:8443"),
        ("127.0.0.1.example.test", "https://127.0.0.1.example.test:8443"),
        ("localhost.example.test", "https://localhost.example.test:8443"),
        ("10.0.0.1", "https://10.0.0.1:8443"),
    ],
)
def test_only_this_very_machine_is_spoken_to_without_tls(host: str, url: str) -> None:
    endpoint = Endpoint("https", host, 8443)
    assert endpoint.base_url == url
    assert is_loopback(host) == url.startswith("http:")
