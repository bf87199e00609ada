"""The files for nginx and Caddy, used by the real programs before a real portal."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Self
from urllib.parse import urlencode

import pytest
import urllib3
from bs4 import BeautifulSoup

from tests.deploy.proxies import PROXIES, Proxy, running_proxy
from tests.pages.security.behind_tls import HOST, PUBLIC_URL
from tests.support.portal import PortalProcess, portal_fixture
from tests.support.sandbox import RunningSandbox

TOKEN = "vK8-sD3_qW6eR9tY2uI5oP1aF4gH7jL0Tests"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": PUBLIC_URL}
SLOW_CLIENTS = 150
SLOW_SECONDS = 25.0
MOST_SECONDS = 1.0
"""A page may take as long while they are there."""


portal = portal_fixture(
    "module", PORTAL_PUBLIC_URL=PUBLIC_URL, PORTAL_TRUSTED_PROXIES="1", PORTAL_METRICS_TOKEN=TOKEN
)
"""As the two files say that it must be set up."""


@pytest.fixture(scope="module", params=list(PROXIES))
def proxy(
    request: pytest.FixtureRequest, portal: PortalProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """Each of them."""
    folder = tmp_path_factory.mktemp(str(request.param))
    with running_proxy(request.param, folder, portal.port) as started:
        yield started


def cookies_of(answer: urllib3.BaseHTTPResponse) -> str:
    """What a browser sends back."""
    return "; ".join(item.split(";")[0] for item in answer.headers.getlist("Set-Cookie"))


def sign_in(proxy: Proxy, sandbox: RunningSandbox, name: str = "alice") -> str:
    """The cookies of somebody who has signed in."""
    page = proxy.ask("GET", "/sign-in")
    tag = BeautifulSoup(page.data, "html.parser").select_one('input[name="csrf_token"]')
    assert tag is not None
    person = sandbox.person(name)
    given = {"warehouse": person.warehouse, "user": person.name, "password": person.password}
    body = urlencode(given | {"csrf_token": str(tag["value"])}).encode()
    headers = FORM | {"Cookie": cookies_of(page), "Sec-Fetch-Site": "same-origin"}
    answer = proxy.ask("POST", "/sign-in", headers, body)
    assert answer.status == 303, answer.data
    return cookies_of(answer)


def test_somebody_signs_in_and_sees_the_groups(
    proxy: Proxy, worker_sandbox: RunningSandbox
) -> None:
    cookies = sign_in(proxy, worker_sandbox)
    assert "__Host-portal=" in cookies
    page = proxy.ask("GET", "/groups", {"Cookie": cookies})
    assert page.status == 200
    assert b"Analytics reporting" in page.data
    assert page.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert len(page.headers.getlist("Content-Security-Policy")) == 1


def test_the_portal_sees_the_address_of_the_client_and_not_what_it_claims(
    proxy: Proxy, portal: PortalProcess
) -> None:
    claimed = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9"}
    proxy.ask("GET", f"/sign-in?by={proxy.name}", claimed)
    line = portal.read_log().splitlines()[-1]
    assert '"address": "127.0.0.1"' in line


def test_the_figures_are_not_for_whoever_comes_by_the_proxy(proxy: Proxy) -> None:
    assert proxy.ask("GET", "/healthz").status == 200
    assert proxy.ask("GET", "/metrics").status == 404
    answer = proxy.ask("GET", "/metrics", {"Authorization": f"Bearer {TOKEN}"})
    assert answer.status == 404
    assert b"portal_" not in answer.data


def test_more_than_the_portal_takes_is_refused(proxy: Proxy) -> None:
    answer = proxy.ask("POST", "/sign-in", FORM, b"a=" + b"x" * 70_000)
    assert answer.status == 413
    # Which has no token, but has arrived:
    assert proxy.ask("POST", "/sign-in", FORM, b"a=" + b"x" * 60_000).status == 403


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    with urllib3.HTTPConnectionPool("127.0.0.1", proxy.plain_port, retries=False) as pool:
        answer = pool.urlopen("GET", "/groups?a=1", headers={"Host": HOST}, redirect=False)
    assert answer.status in {301, 308}
    target = answer.headers["Location"]
    assert target.startswith("https://")
    assert target.endswith("/groups?a=1")


def test_no_old_version_of_tls_is_spoken(proxy: Proxy) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(proxy.certificate.path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with connect(proxy, context) as client:
        assert client.version() == "TLSv1.2"


def test_a_portal_that_is_away_is_told_at_once(
    proxy: Proxy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(f"{proxy.name}-alone")
    with running_proxy(proxy.name, folder, 1) as alone:
        began_at = time.monotonic()
        assert alone.ask("GET", "/groups").status in {502, 503}
        assert time.monotonic() - began_at < 10


def connect(proxy: Proxy, context: ssl.SSLContext) -> ssl.SSLSocket:
    """A connection by hand."""
    plain = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
    return context.wrap_socket(plain, server_hostname=HOST)


class Slow:
    """Clients that send a byte a second, half of them of a head and half of a body."""

    HEAD = f"GET /groups HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode()
    BODY = (
        f"POST /sign-in HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {PUBLIC_URL}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na="
    ).encode()

    def __init__(self, proxy: Proxy) -> None:
        context = ssl.create_default_context(cafile=str(proxy.certificate.path))
        self.clients = [connect(proxy, context) for _ in range(SLOW_CLIENTS)]
        for number, client in enumerate(self.clients):
            client.sendall(self.BODY if number % 2 else self.HEAD)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._drip)

    def __enter__(self) -> Self:
        """Begin to send."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End all of them."""
        self._is_over.set()
        self._thread.join()
        for client in self.clients:
            client.close()

    def _drip(self) -> None:
        while not self._is_over.wait(1.0):
            for client in self.clients:
                with suppress(OSError):
                    client.sendall(b"x")

    def count_ended(self) -> int:
        """How many the proxy has sent away."""
        return sum(map(has_ended, self.clients))


def has_ended(client: ssl.SSLSocket) -> bool:
    client.settimeout(0)
    try:
        while client.recv(4096):
            pass
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    return True


@pytest.mark.timeout(180)
def test_slow_clients_hold_nobody_up_and_are_sent_away(
    proxy: Proxy,
    portal: PortalProcess,
    worker_sandbox: RunningSandbox,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cookies = sign_in(proxy, worker_sandbox)
    seconds, began_at = list[float](), time.monotonic()
    with Slow(proxy) as slow:
        while time.monotonic() - began_at < SLOW_SECONDS:
            asked_at = time.monotonic()
            assert proxy.ask("GET", "/groups", {"Cookie": cookies}).status == 200
            seconds.append(time.monotonic() - asked_at)
            time.sleep(0.05)
        ended = slow.count_ended()
    seconds.sort()
    with capsys.disabled():
        slowest = f"p50 {seconds[len(seconds) // 2]:.3f} s, slowest {seconds[-1]:.3f} s"
        print(f"\n{proxy.name}: {SLOW_CLIENTS} slow clients, {ended} ended; pages {slowest}")  # noqa: T201
    assert seconds[-1] < MOST_SECONDS
    assert ended >= SLOW_CLIENTS / 2
