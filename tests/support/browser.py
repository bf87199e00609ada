"""A person's browser: requests with cookies, and an eye on every page that comes back."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import count
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag

from tests.support.page_checks import (
    check_fragment,
    check_headers,
    check_once,
    check_page,
    words,
)
from tests.support.sandbox import Person

TIMEOUT_SECONDS = 40
_addresses = count(1)

Fields = Mapping[str, str] | Iterable[tuple[str, str]] | bytes
Target = str | re.Pattern[str]


class Page:
    """One answer: `response`, its parsed `soup`, and shorthands for what tests look at."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.path = urlsplit(response.url).path

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed answer."""
        return BeautifulSoup(self.response.content, "html.parser")

    @property
    def h1(self) -> str:
        """The heading."""
        return self.text("h1")

    @property
    def main(self) -> str:
        """All text of the page's own part; of a fragment, all of it."""
        return self.text("main") or words(self.soup)

    @property
    def summary(self) -> list[str]:
        """The lines of the error summary; empty without one."""
        return [words(tag) for tag in self.soup.select(".error-summary li")]

    def text(self, selector: str) -> str:
        """The text of all elements that match, blanks folded."""
        return " ".join(words(tag) for tag in self.soup.select(selector))

    def problem(self, field: str) -> str:
        """The problem beside a field; "" if there is none."""
        return self.text(f"#{field}-problem").removeprefix("Error: ")

    def value(self, field: str) -> str:
        """What a field of the page's own form holds."""
        form = self.soup.select_one("main form")
        assert form is not None, "the page has no form"
        return dict(values_of(form))[field]

    def link(self, text: str) -> str:
        """Where the link with this text leads."""
        for tag in self.soup.find_all("a"):
            if words(tag) == text:
                return str(tag["href"])
        raise AssertionError(f"no link {text!r} in: {self.main}")

    def asset(self, name: str) -> str:
        """Where the page gets the style sheet, script or icon of this name."""
        tag = self.soup.select_one(f'[href$="/{name}"], [src$="/{name}"]')
        assert tag is not None, f"the page has no {name}"
        return str(tag.get("href") or tag["src"])

    def has(self, text: str) -> bool:
        """Whether a link or button with this text is there."""
        return any(words(tag) == text for tag in self.soup.find_all(["a", "button"]))

    def form_of(self, button: str) -> Tag:
        """The form that a button with this text sends, from inside of it or by its id."""
        tag = self._button(button)
        named = self.soup.find("form", id=tag["form"]) if "form" in tag.attrs else None
        form = named or tag.find_parent("form")
        assert form is not None, f"the button {button!r} sends no form"
        return form

    def values_beside(self, form: Tag) -> dict[str, str]:
        """What hidden fields elsewhere on the page add to a form, which they name by its id."""
        name = form.get("id")
        fields = self.soup.find_all("input", attrs={"form": name, "type": "hidden"}) if name else []
        return {str(field["name"]): str(field["value"]) for field in fields}

    def action_of(self, button: str) -> str:
        """Where a button with this text sends its form."""
        action = self._button(button).get("formaction") or self.form_of(button).get("action")
        return str(action or self.path)

    def value_of_button(self, button: str) -> dict[str, str]:
        """What the button itself sends, if it has a name."""
        tag = self._button(button)
        return {str(tag["name"]): str(tag["value"])} if "name" in tag.attrs else {}

    def _button(self, text: str) -> Tag:
        for tag in self.soup.find_all("button"):
            if words(tag) == text and (tag.find_parent("form") or "form" in tag.attrs):
                return tag
        raise AssertionError(f"no form with the button {text!r} in: {self.main}")

    @property
    def csrf_token(self) -> str:
        """The token of the page's forms."""
        tag = self.soup.select_one('input[name="csrf_token"]')
        assert tag is not None, "the page has no form"
        return str(tag["value"])


class Browser:
    """Cookies, an address of its own, and checks of every answer.

    `page` is the last answer. Redirects are never followed unseen: whoever causes one names its
    target in `to`, and the page it leads to must then be there.
    """

    def __init__(self, url: str) -> None:
        number = next(_addresses)
        self.url = url
        self.is_signed_in = False
        self.session = requests.Session()
        self.session.trust_env = False
        # Heard only by a portal that trusts a proxy, as the one the tests share does.
        self.session.headers["X-Forwarded-For"] = f"198.18.{number // 256}.{number % 256}"
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """The last answer."""
        assert self._page is not None, "nothing was opened yet"
        return self._page

    def clone(self) -> Self:
        """Another window of the same browser: same cookies, same address, no page yet."""
        return self.clone_at(self.url)

    def clone_at(self, url: str) -> Self:
        """The same at another portal over the same database."""
        other = type(self)(url)
        other.session.headers.update(self.session.headers)
        other.session.cookies.update(self.session.cookies)
        other.is_signed_in = self.is_signed_in
        return other

    def get(
        self,
        path: str,
        status: int = 200,
        *,
        to: Target | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Open an address. A redirect must lead to `to`, and is followed."""
        response = self._send("GET", path, headers=headers)
        return self._arrive(response, 303 if to else status, to)

    def submit(
        self,
        button: str,
        fields: Mapping[str, str] | None = None,
        *,
        status: int = 200,
        to: Target | None = None,
    ) -> Page:
        """Press a button of the last page, after typing `fields` into its form."""
        form = self.page.form_of(button)
        values = (
            dict(values_of(form))
            | self.page.values_beside(form)
            | self.page.value_of_button(button)
        )
        unknown = (fields or {}).keys() - values.keys() - _choice_names(form)
        assert not unknown, f"the form has no {unknown}"
        assert form.get("method") == "post"
        action = self.page.action_of(button)
        return self.post(action, values | dict(fields or {}), status=status, to=to)

    def post(
        self,
        path: str,
        fields: Fields = (),
        *,
        status: int = 200,
        to: Target | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Page:
        """Send a form as a page of the portal itself would; a header of None is left out.

        Bytes are sent as they are, as a form.
        """
        sent: dict[str, str | None] = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = fields if isinstance(fields, bytes | Mapping) else list(fields)
        response = self._send("POST", path, data=body, headers=sent | dict(headers or {}))
        return self._arrive(response, 303 if to else status, to)

    def fetch(self, method: str, path: str, **options: object) -> requests.Response:
        """Send anything and look at the headers only."""
        return self._send(method, path, **options)

    def sign_in(self, person: Person, *, password: str | None = None) -> Page:
        """Sign in by the form, from wherever the browser is."""
        self.get("/sign-in")
        given = {
            "warehouse": person.warehouse,
            "user": person.name,
            "password": password or person.password,
        }
        self.is_signed_in = True  # from here on each page must offer to sign out
        return self.submit("Sign in", given, to="/groups")

    def sign_out(self) -> Page:
        """Press the button in the masthead."""
        self.is_signed_in = False
        return self.submit("Sign out", to=re.compile(r"/sign-in\?signed_out=1"))

    def _send(self, method: str, path: str, **options: object) -> requests.Response:
        response = self.session.request(
            method,
            urljoin(self.url, path),
            allow_redirects=False,
            timeout=TIMEOUT_SECONDS,
            **options,  # type: ignore[arg-type] # whatever requests takes
        )
        check_headers(response)
        return response

    def _arrive(self, response: requests.Response, status: int, to: Target | None) -> Page:
        page = Page(response)
        assert response.status_code == status, f"{response.status_code}, not {status}: {page.main}"
        location = response.headers.get("Location")
        assert (location is None) == (to is None), f"leads to {location}, not {to}"
        if location is not None and to is not None:
            is_right = location == to if isinstance(to, str) else to.fullmatch(location)
            assert is_right, f"leads to {location}, not {to}"
            return self.get(location)
        self._check(response, page)
        self._page = page
        return page

    def _check(self, response: requests.Response, page: Page) -> None:
        if "text/html" not in response.headers.get("Content-Type", ""):
            return
        is_fragment = page.path.endswith("/live") and response.ok

        def check() -> None:
            if is_fragment:
                check_fragment(response, page.soup)
            else:
                check_page(response, page.soup, is_signed_in=self.is_signed_in)

        check_once(response, check, is_signed_in=self.is_signed_in)


def values_of(form: Tag) -> list[tuple[str, str]]:
    """What a browser sends for a form as it stands."""
    return [
        (str(tag["name"]), _value_of(tag))
        for tag in form.select("input[name], select[name], textarea[name]")
        if tag.get("type") not in {"radio", "checkbox"} or tag.has_attr("checked")
    ]


def _value_of(tag: Tag) -> str:
    if tag.name == "textarea":
        return tag.get_text()
    if tag.name == "input":
        return str(tag.get("value", ""))
    chosen = tag.select_one("option[selected]") or tag.select_one("option")
    return str(chosen["value"]) if chosen else ""


def _choice_names(form: Tag) -> set[str]:
    return {str(tag["name"]) for tag in form.select('[type="radio"], [type="checkbox"]')}
