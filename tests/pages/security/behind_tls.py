"""A browser that reaches the portal through a proxy that ends TLS."""

from http.cookies import SimpleCookie

import requests
from bs4 import BeautifulSoup

from tests.support.portal import PortalProcess
from tests.support.sandbox import Person

HOST = "portal.example.test"
PUBLIC_URL = f"https://{HOST}"


class TlsBrowser:
    """Cookies are kept by name alone: a library would not send Secure ones to this machine."""

    def __init__(self, portal: PortalProcess, address: str = "198.18.255.1") -> None:
        self._portal = portal
        self._address = address
        self.cookies: dict[str, str] = {}

    def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, data: object = None
    ) -> requests.Response:
        """One request, as the proxy passes it on."""
        answer = requests.request(
            method,
            self._portal.url + path,
            headers={
                "Host": HOST,
                "X-Forwarded-Proto": "https",
                "X-Forwarded-For": self._address,
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Sec-Fetch-Site": "same-origin",
                **(headers or {}),
            },
            data=data,  # type: ignore[arg-type] # whatever requests takes
            allow_redirects=False,
            timeout=20,
        )
        for name, morsel in SimpleCookie(answer.headers.get("Set-Cookie", "")).items():
            self.cookies[name] = morsel.value
        return answer

    def token(self, path: str) -> str:
        """The form token of a page."""
        tag = BeautifulSoup(self.send("GET", path).content, "html.parser").select_one(
            'input[name="csrf_token"]'
        )
        assert tag is not None
        return str(tag["value"])

    def sign_in(self, person: Person) -> requests.Response:
        """The answer to the sign-in form."""
        given = {"warehouse": person.warehouse, "user": person.name, "password": person.password}
        return self.send("POST", "/sign-in", data=given | {"csrf_token": self.token("/sign-in")})
