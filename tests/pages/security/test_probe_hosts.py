"""Probes, by whatever host they are asked, at a portal with and without a public address."""

import socket
from itertools import product
from urllib.parse import urlsplit

import pytest
import requests

from app.http.probes import PROBE_PATHS
from tests.pages.security.behind_tls import HOST
from tests.support.portal import PortalProcess
from tests.unit.web.application import wired_application

OWN = [HOST, "127.0.0.1:8000", "localhost:8000", "[::1]"]
FOREIGN = [
    "10.42.0.17:8000",
    "[fd00::17]:8000",
    "portal.svc.cluster.local",
    "evil.example.test",
    f"{HOST}.evil.example.test",
    "not a host",
    "/",
]
CELLS = list(product(sorted(PROBE_PATHS - {"/metrics"}), [*OWN, *FOREIGN]))
NAMES = ["portal.svc.cluster.local", "evil.example.test", f"{HOST}.evil.example.test"]
"""What a page in a browser on this machine could have let mean it."""


@pytest.fixture(params=["public", "loopback"])
def watched(request: pytest.FixtureRequest) -> PortalProcess:
    """A portal behind a proxy that ends TLS, and one for this machine alone."""
    name = "tls_portal" if request.param == "public" else "portal"
    found: PortalProcess = request.getfixturevalue(name)
    return found


def ask(portal: PortalProcess, path: str, host: str) -> requests.Response:
    """What a program on this machine is answered that names this host."""
    headers = {"Host": host}
    return requests.get(portal.url + path, headers=headers, timeout=20, allow_redirects=False)


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every address that is one page, one file or one operation, with its endpoint."""
    with wired_application(tmp_path_factory.mktemp("routes")) as app:
        return {
            rule.rule: rule.endpoint
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments
        }


@pytest.mark.parametrize(("path", "host"), CELLS)
def test_every_probe_answers_by_every_host(watched: PortalProcess, path: str, host: str) -> None:
    answer = ask(watched, path, host)
    assert (answer.status_code, answer.headers["Content-Type"][:10]) == (200, "text/plain")


@pytest.mark.parametrize("host", [*OWN[1:], *FOREIGN[:2]])
def test_figures_are_given_to_this_machine_by_any_address(
    watched: PortalProcess, host: str
) -> None:
    assert ask(watched, "/metrics", host).status_code == 200


@pytest.mark.parametrize("host", NAMES)
def test_figures_are_not_given_without_a_token_by_a_name_that_is_not_the_portals(
    watched: PortalProcess, host: str
) -> None:
    assert ask(watched, "/metrics", host).status_code == 404


# ASVS 4.1.3
@pytest.mark.parametrize("host", FOREIGN)
def test_nothing_else_answers_by_a_host_that_is_not_the_portals(
    watched: PortalProcess, addresses: dict[str, str], host: str
) -> None:
    others = addresses.keys() - PROBE_PATHS
    assert {"/", "/sign-in", "/groups", "/admin"} <= others
    for path in (*others, "/healthz/", "/HEALTHZ", "//healthz", "/static/none.css"):
        assert ask(watched, path, host).status_code == 400, path


def ask_raw(portal: PortalProcess, path: str, version: str, *headers: str) -> int:
    """The status of a request without what a library adds: `Host` above all."""
    lines = (f"GET {path} HTTP/{version}", *headers, "Connection: close", "", "")
    place = urlsplit(portal.url)
    with socket.create_connection((place.hostname or "", place.port or 0), 20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return int(connection.recv(12).split()[1])


NO_HOST = [("1.0",), ("1.1",), ("1.1", "Host: ")]
"""HTTP 1.0 needs none, as some balancers ask; HTTP 1.1 demands one."""


@pytest.mark.parametrize("given", NO_HOST, ids=["old", "missing", "empty"])
@pytest.mark.parametrize("path", sorted(PROBE_PATHS))
def test_a_probe_that_names_no_host_is_answered_where_http_allows_it(
    watched: PortalProcess, path: str, given: tuple[str, ...]
) -> None:
    assert ask_raw(watched, path, *given) == (200 if given[0] == "1.0" else 400)


@pytest.mark.parametrize("given", NO_HOST, ids=["old", "missing", "empty"])
@pytest.mark.parametrize("path", ["/", "/sign-in", "/groups", "/admin", "/api/v1/groups"])
def test_a_page_that_is_asked_without_a_host_is_refused_behind_a_public_address(
    tls_portal: PortalProcess, path: str, given: tuple[str, ...]
) -> None:
    assert ask_raw(tls_portal, path, *given) == 400


def test_every_address_of_the_monitoring_is_a_probe(addresses: dict[str, str]) -> None:
    found = {path for path, endpoint in addresses.items() if endpoint.startswith("monitoring.")}
    assert found == PROBE_PATHS


def test_a_probe_answers_whatever_host_a_proxy_names(tls_portal: PortalProcess) -> None:
    given = {"Host": "10.42.0.17", "X-Forwarded-Host": "evil.example.test"}
    url = f"{tls_portal.url}/healthz"
    assert requests.get(url, headers=given, timeout=20).status_code == 200


def test_no_figures_are_shown_by_any_host_to_whoever_may_not_see_them(
    tls_portal: PortalProcess,
) -> None:
    given = {"Host": "10.42.0.17", "X-Forwarded-For": "203.0.113.7"}
    answer = requests.get(f"{tls_portal.url}/metrics", headers=given, timeout=20)
    assert answer.status_code == 404
    assert "portal_" not in answer.text
