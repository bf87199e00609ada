"""Somebody who clicks whatever a page offers, and types sense and nonsense into its forms."""

import threading
from collections import Counter
from itertools import count
from random import Random

import requests
from bs4 import Tag

from tests.support.browser import Page, values_of
from tests.support.page_checks import words
from tests.support.sandbox import Person

THINKING_SECONDS = (0.5, 3.5)
TIMEOUT_SECONDS = 60
NONSENSE = ("", "0", "-1", "16.5", "1e3", "٣", "x" * 300, "<b>8</b>", "' OR 1=1 --", "\N{GHOST}")
NOWHERE = (
    "/nowhere",
    "/changes/2222-2222",
    "/groups/0c000000-0000-4000-8000-000000000099",
    "/admin",
)

_numbers = count(16)
"""Idle timeouts that nobody else asks for, so that each change can be told from the others."""


class Clicker(threading.Thread):
    """One person with a browser, until `is_over` is set. `answers` counts every answer's status."""

    def __init__(self, url: str, person: Person, seed: int, is_over: threading.Event) -> None:
        super().__init__(name=f"{person.name} {seed}", daemon=True)
        self.url, self.person, self.is_over = url, person, is_over
        self.random = Random(seed)  # noqa: S311 - chance, and no secret
        self.session = requests.Session()
        self.session.trust_env = False
        # A kept connection is closed while somebody thinks, and a browser would just open another.
        self.session.headers["Connection"] = "close"
        self.session.headers["X-Forwarded-For"] = f"198.19.{seed // 200}.{seed % 200 + 1}"
        self.answers = Counter[int]()
        self.faults: list[str] = []

    def run(self) -> None:
        """Click and think."""
        page = self._go("GET", "/sign-in")
        while not self.is_over.wait(self.random.uniform(*THINKING_SECONDS)):
            page = self._click(page)

    def _click(self, page: Page) -> Page:
        chance = self.random.random()
        # Every page has a way out and a choice of looks: nearly always they want something else.
        place = "" if self.random.random() < 0.05 else "main "
        forms = page.soup.select(f'{place}form[method="post"]')
        if chance < 0.02:
            return self._go("GET", self.random.choice(NOWHERE))
        if chance < 0.07 and page.status == 200:
            return self._go("GET", page.path)  # once more
        if (scale := page.soup.select_one("a[href$='/scale']")) and chance < 0.5:
            return self._go("GET", str(scale["href"]))
        if forms and chance < 0.8:
            return self._press(page, self.random.choice(forms))
        return self._go("GET", self.random.choice([*_addresses(page), "/groups"]))

    def _press(self, page: Page, form: Tag) -> Page:
        action = str(form.get("action") or page.path)
        if action.startswith("/account"):  # ending each other's sessions all day is no work
            return page
        fields = dict(values_of(form))
        # Where everything is stopped, nobody can sign in and nothing else happens.
        if "group_name" in fields and self.random.random() < 0.8:
            return self._go("GET", "/groups")
        self._fill(fields, form)
        return self._go("POST", action, fields)

    def _fill(self, fields: dict[str, str], form: Tag) -> None:
        for name in fields.keys() & {"user", "password", "warehouse"}:
            fields[name] = str(getattr(self.person, {"user": "name"}.get(name, name)))
        if "group_name" in fields:
            fields["group_name"] = words(form.select("button")[0]).partition(" ")[2]
        if "idle_timeout_minutes" in fields:
            fields["idle_timeout_minutes"] = str(next(_numbers))
            fields["reason"] = "Soaking"
        typed = sorted(fields.keys() - {"csrf_token", "user", "password", "warehouse"})
        if typed and self.random.random() < 0.15:
            fields[self.random.choice(typed)] = self.random.choice(NONSENSE)

    def _go(self, method: str, path: str, fields: dict[str, str] | None = None) -> Page:
        answer = self._send(method, path, fields)
        for _ in range(3):
            if answer.status_code != 303:
                break
            answer = self._send("GET", answer.headers["Location"])
        return Page(answer)

    def _send(
        self, method: str, path: str, fields: dict[str, str] | None = None
    ) -> requests.Response:
        answer = self.session.request(
            method,
            self.url + path,
            data=fields,
            headers={"Origin": self.url, "Sec-Fetch-Site": "same-origin"},
            allow_redirects=False,
            timeout=TIMEOUT_SECONDS,
        )
        self.answers[answer.status_code] += 1
        if answer.status_code == 500:
            self.faults.append(f"{method} {path} {sorted(fields or {})}")
        return answer


def _addresses(page: Page) -> list[str]:
    """Where links lead and what an open page asks for; from a list of groups, to one of them."""
    groups = [str(tag["href"]) for tag in page.soup.select("table.groups th a")]
    links = [str(tag["href"]) for tag in page.soup.select("a[href^='/']")]
    return groups or links + [str(tag["data-live"]) for tag in page.soup.select("[data-live]")]
