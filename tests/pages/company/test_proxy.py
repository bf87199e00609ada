"""What a proxy in front has signed opens a session; nothing that only looks like it does."""

import json
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox

ISSUER, AUDIENCE = "https://acme.cloudflareaccess.example", "the-portal-at-acme"
HEADER, BUTTON = "Cf-Access-Jwt-Assertion", "Sign in to Analytics with Acme"
ERIN = "acme:erin@sandbox.example"
RULE = {"users": [ERIN], "permissions": ["owner"]}
NOT_PROVEN = "What Acme sent does not prove who you are."
NOT_SAID = "Acme did not say who you are."
KEY, STRANGER = (ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256"}) for _ in range(2))
LATER = ECKey.generate_key("P-256", {"kid": "two", "alg": "ES256"})
CLAIMS = {
    "iss": ISSUER,
    "aud": [AUDIENCE],
    "sub": "7335d417",
    "email": "erin@sandbox.example",
    "groups": ["analytics_viewer"],
}

StartBehind = Callable[..., PortalProcess]


def signed(key: Any = KEY, alg: str = "ES256", typ: str = "JWT", **changes: object) -> str:  # noqa: ANN401 - any kind
    """What the proxy would send now; a claim of None is left out."""
    now = int(time.time())
    claims = CLAIMS | {"iat": now, "exp": now + 60} | changes
    told = {name: value for name, value in claims.items() if value is not None}
    header = {"alg": alg, "typ": typ, "kid": getattr(key, "kid", None) or "one"}
    return jwt.encode(header, told, key, algorithms=[alg, "ES256"])


def unsigned() -> str:
    """The same with alg none."""
    _, claims, _ = signed().split(".")
    return f"eyJhbGciOiJub25lIiwia2lkIjoib25lIn0.{claims}."


def publish(path: Path, *keys: ECKey) -> None:
    """Write the file of keys anew."""
    path.write_text(json.dumps(KeySet(list(keys)).as_dict(private=False)), encoding="utf-8")


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    """The proxy's keys."""
    publish(tmp_path / "keys.json", KEY)
    return tmp_path / "keys.json"


@pytest.fixture
def start_behind(start_portal: StartPortal, keys_file: Path) -> StartBehind:
    """Start a portal behind such a proxy, which has the address of this machine."""

    def start(proxies: str = "127.0.0.1", trusted: int = 0, **provider: object) -> PortalProcess:
        def adapt(config: Config) -> None:
            proxy = {"header": HEADER, "keys": str(keys_file), "audience": AUDIENCE}
            acme = {"name": "Acme", "issuer": ISSUER, "verifies_emails": True, "proxy": proxy}
            config["identity_providers"] = {"acme": acme | provider}
            here = {"sign_in": "both", "identity_provider": "acme", "roles_from": "claim"}
            config["warehouses"][0] |= here | {"access": [RULE]}

        return start_portal(
            adapt=adapt,
            PORTAL_ASSERTION_PROXIES=proxies,
            PORTAL_TRUSTED_PROXIES=str(trusted),
            PORTAL_WORKER="apart",
        )

    return start


@pytest.fixture
def portal(start_behind: StartBehind) -> PortalProcess:
    """A portal that trusts the proxy."""
    return start_behind()


def press(portal: PortalProcess, *lines: str) -> tuple[int, str]:
    """Press the button with these further lines in the head; the status, and the session's number.

    By a socket, since no library sends a header twice or with an underscore.
    """
    browser = Browser(portal.url)
    browser.get("/sign-in")
    typed = {"warehouse": "analytics", "csrf_token": browser.page.csrf_token}
    body = urlencode(typed)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.session.cookies.items())
    head = [
        "POST /sign-in/company HTTP/1.1",
        f"Host: 127.0.0.1:{portal.port}",
        f"Origin: {portal.url}",
        f"Cookie: {cookies}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *lines,
    ]
    with socket.create_connection(("127.0.0.1", portal.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*head, "", body]).encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return int(answer.split()[1]), answer


def sessions_of(portal: PortalProcess) -> list[tuple[Any, ...]]:
    """Who has a session."""
    return portal.execute("SELECT user, roles FROM sessions")


def test_what_the_proxy_signed_opens_a_session(portal: PortalProcess) -> None:
    status, answer = press(portal, f"{HEADER}: {signed()}")
    assert (status, "\r\nLocation: /groups\r\n" in answer) == (303, True)
    assert sessions_of(portal) == [(ERIN, "[]")]
    assert signed().partition(".")[0] not in portal.read_log()


def test_what_the_proxy_signed_at_its_own_sign_in_counts_until_its_end(
    portal: PortalProcess,
) -> None:
    status, _ = press(portal, f"{HEADER}: {signed(iat=int(time.time()) - 20 * 3600)}")
    assert status == 303
    assert sessions_of(portal) == [(ERIN, "[]")]


# ASVS 4.1.3, 6.8.2, 9.1.1 to 9.1.3, 9.2.1 to 9.2.3
@pytest.mark.parametrize(
    "make",
    [
        unsigned,
        lambda: signed(STRANGER),
        lambda: signed(OctKey.import_key(AUDIENCE * 3), "HS256"),
        lambda: signed(iss="https://other.cloudflareaccess.example"),
        lambda: signed(iss=None),
        lambda: signed(aud=["another-application"]),
        lambda: signed(aud=["another-application"], azp=AUDIENCE),
        lambda: signed(aud=None),
        lambda: signed(aud=[AUDIENCE, "another-application"]),
        lambda: signed(exp=int(time.time()) - 60),
        lambda: signed(exp=None),
        lambda: signed(iat=None),
        lambda: signed(iat=int(time.time()) + 3600),
        lambda: signed(nbf=int(time.time()) + 3600),
        lambda: signed(typ="at+jwt"),
        lambda: signed(sub=""),
        lambda: signed(LATER),
        lambda: signed()[:-4],
        lambda: f"{signed()}, {signed()}",
        lambda: f"Bearer {signed()}",
        lambda: "erin@sandbox.example",
    ],
)
def test_anything_else_proves_nobody(portal: PortalProcess, make: Callable[[], str]) -> None:
    status, answer = press(portal, f"{HEADER}: {make()}")
    assert (status, NOT_PROVEN in answer) == (401, True)
    assert sessions_of(portal) == []


def test_a_header_that_comes_twice_proves_nobody(portal: PortalProcess) -> None:
    # ASVS 4.1.3
    status, _ = press(portal, f"{HEADER}: {signed()}", f"{HEADER}: {signed()}")
    assert status == 401
    assert sessions_of(portal) == []


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Cf_Access_Jwt_Assertion: {}"],
        ["X-Forwarded-User: erin@sandbox.example", "Remote-User: erin@sandbox.example"],
        ["Cf-Access-Authenticated-User-Email: erin@sandbox.example"],
        ["Authorization: Bearer {}"],
    ],
)
def test_nothing_but_the_one_header_counts(portal: PortalProcess, lines: list[str]) -> None:
    # ASVS 4.1.3
    status, answer = press(portal, *(line.format(signed()) for line in lines))
    assert (status, NOT_SAID in answer) == (401, True)
    assert sessions_of(portal) == []


def test_an_underscore_beside_the_right_header_changes_nothing(portal: PortalProcess) -> None:
    # ASVS 4.1.3
    forged = f"Cf_Access_Jwt_Assertion: {signed(email='mallory@sandbox.example')}"
    status, _ = press(portal, forged, f"{HEADER}: {signed()}", forged)
    assert status == 303
    assert sessions_of(portal) == [(ERIN, "[]")]


@pytest.mark.parametrize("proxies", ["", "198.51.100.7 2001:db8::/64"])
def test_who_reaches_the_portal_past_the_proxy_proves_nothing(
    start_behind: StartBehind, proxies: str
) -> None:
    portal = start_behind(proxies)
    lines = [f"{HEADER}: {signed()}", "X-Forwarded-For: 198.51.100.7"]
    status, answer = press(portal, *lines)
    assert (status, NOT_SAID in answer) == (401, True)
    assert sessions_of(portal) == []
    assert "127.0.0.1 is none of PORTAL_ASSERTION_PROXIES" in portal.read_log()


def test_what_is_said_of_the_client_s_address_is_not_the_proxy_s(
    start_behind: StartBehind,
) -> None:
    """Only the connection tells which proxy it is, also where one may name its client."""
    lines = [f"{HEADER}: {signed()}", "X-Forwarded-For: 198.51.100.7"]
    beside = start_behind("198.51.100.7", trusted=1)
    assert press(beside, *lines)[0] == 401
    assert sessions_of(beside) == []
    assert press(start_behind("127.0.0.1", trusted=1), *lines)[0] == 303


def test_an_address_that_it_says_is_not_verified_names_nobody(portal: PortalProcess) -> None:
    # ASVS 6.8.1
    status, _ = press(portal, f"{HEADER}: {signed(email_verified=False)}")
    assert (status, sessions_of(portal)) == (401, [])


def test_roles_count_where_the_file_names_the_claim(start_behind: StartBehind) -> None:
    portal = start_behind(roles_claim="groups")
    assert press(portal, f"{HEADER}: {signed()}")[0] == 303
    assert sessions_of(portal) == [(ERIN, '["analytics_viewer"]')]
    assert press(portal, f"{HEADER}: {signed(groups=None)}")[0] == 401


def test_keys_may_rotate(start_behind: StartBehind, keys_file: Path) -> None:
    # ASVS 9.1.3
    publish(keys_file, LATER)
    portal = start_behind()
    assert press(portal, f"{HEADER}: {signed(LATER)}")[0] == 303
    assert press(portal, f"{HEADER}: {signed()}")[0] == 401


def test_a_file_of_keys_that_is_gone_is_the_portal_s_fault(
    portal: PortalProcess, keys_file: Path
) -> None:
    keys_file.unlink()
    status, answer = press(portal, f"{HEADER}: {signed()}")
    assert (status, "is not set up rightly" in answer) == (502, True)


def test_big_steps_cannot_be_confirmed_and_roles_can_be_read_again(
    portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    erin = Browser(portal.url)
    erin.session.headers[HEADER] = signed()
    erin.get("/sign-in")
    erin.is_signed_in = True
    erin.submit(BUTTON, to="/groups")
    erin.get("/account")
    erin.submit("Refresh your roles with Acme", to="/account?refreshed=1")
    erin.get(f"/groups/{sandbox.service_id('Analytics reporting')}")
    erin.submit("Stop this group …", to=re.compile(r"/changes/[^/]+/review"))
    erin.submit("Confirm with Acme", status=403)
    assert "Acme cannot ask you again that it is you" in erin.page.main
    erin.get("/account")
    erin.session.headers[HEADER] = signed(sub="other", email="frank@sandbox.example")
    erin.submit("Refresh your roles with Acme", status=403)
    assert "Somebody else has signed in at Acme." in erin.page.main
    assert sandbox.writes() == []


def test_signing_out_does_not_lead_to_the_proxy(portal: PortalProcess) -> None:
    erin = Browser(portal.url)
    erin.session.headers[HEADER] = signed()
    erin.get("/sign-in")
    erin.is_signed_in = True
    erin.submit(BUTTON, to="/groups")
    erin.sign_out()
    assert not erin.page.has("Sign out at Acme")
