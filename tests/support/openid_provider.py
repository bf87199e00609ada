"""The test provider as tests use it: the process, its orders, and a person's way through it."""

import re
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import requests

from app.sandbox.identity.people import CLIENT_ID, CLIENT_SECRET, password_of
from tests.support.browser import Browser
from tests.support.portal import ROOT, Config
from tests.support.ports import find_free_port

TIMEOUT_SECONDS = 20
CALLBACK = "/sign-in/company/callback"


@dataclass(frozen=True)
class RunningProvider:
    """A provider at `url`; `Analytics` trusts it as `acme`."""

    url: str

    def order(self, **orders: object) -> str:
        """Misbehave from now on as `orders` say; without any, behave. The last subject."""
        response = requests.post(f"{self.url}/_control", json=orders, timeout=TIMEOUT_SECONDS)
        assert response.status_code == 200
        return str(response.json()["subject"])

    def know(self, *portals: str) -> None:
        """Send people back to these portals and to nobody else."""
        self.order(redirect_uris=[f"{portal}{CALLBACK}" for portal in portals])

    def configure(self, config: Config, **warehouse: object) -> None:
        """Write it into the portal's file of groups, for the first warehouse."""
        config["identity_providers"] = {
            "acme": {
                "name": "Acme",
                "issuer": self.url,
                "client_id": CLIENT_ID,
                "scopes": ["openid", "email", "roles"],
            }
        }
        first = {"sign_in": "both", "identity_provider": "acme"} | warehouse
        config["warehouses"][0].update(first)

    def approve(self, address: str, user: str) -> str:
        """Sign in at the provider as `user`, from where the portal has sent the browser; where
        the provider sends it back to."""
        page = requests.get(address, timeout=TIMEOUT_SECONDS)
        found = re.search('name="token" value="([^"]+)"', page.text)
        assert found, page.text
        typed = {"token": found[1], "user": user, "password": password_of(user)}
        verify = f"{self.url}/verify"
        answer = requests.post(verify, typed, allow_redirects=False, timeout=TIMEOUT_SECONDS)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def fetch_token(self, address: str, user: str) -> str:
        """The ID token of `user` for a flow of the portal's that was begun at another provider, as
        whoever knows the client's secret gets it here."""
        asked = dict(parse_qsl(urlsplit(address).query))
        verifier = token_urlsafe(48)
        digest = sha256(verifier.encode()).digest()
        asked["code_challenge"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
        location = self.approve(f"{self.url}/authorization?{urlencode(asked)}", user)
        given = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(location).query)["code"][0],
            "redirect_uri": asked["redirect_uri"],
            "code_verifier": verifier,
        }
        secret = (CLIENT_ID, CLIENT_SECRET)
        answer = requests.post(f"{self.url}/token", given, auth=secret, timeout=TIMEOUT_SECONDS)
        return str(answer.json()["id_token"])


def begin(browser: Browser, button: str = "Sign in to Analytics with Acme") -> str:
    """Press the button on the open page; where the portal sends the browser to."""
    browser.submit(button)
    assert browser.page.response.headers["Refresh"] == "0; url=/sign-in/company/go"
    answer = browser.fetch("GET", "/sign-in/company/go")
    assert answer.status_code == 303
    return answer.headers["Location"]


def come_back(browser: Browser, location: str, status: int = 200, *, to: Any = None) -> None:  # noqa: ANN401 - as Browser.get
    """Follow the provider's answer to the portal."""
    url = urlsplit(location)
    assert url.path == CALLBACK
    browser.get(f"{url.path}?{url.query}", status, to=to)


def sign_in_with(browser: Browser, provider: RunningProvider, user: str) -> None:
    """Sign in by the company's sign-in, all the way."""
    browser.get("/sign-in")
    location = provider.approve(begin(browser), user)
    browser.is_signed_in = True
    come_back(browser, location, to="/groups")


@contextmanager
def running_provider() -> Iterator[RunningProvider]:
    """A provider on a free port of this machine, stopped at the end."""
    port = find_free_port()
    program = [sys.executable, "-m", "tests.support.openid_provider_app", str(port)]
    with subprocess.Popen(
        program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield RunningProvider(f"http://127.0.0.1:{port}")
        finally:
            process.kill()
