"""Every way in which Cloud or ClickHouse can fail, and every place where somebody can meet it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests

from tests.api.paths import LARGER
from tests.pages.people import REPORTING, TO_CHANGE, draft, group_path
from tests.support.browser import Browser, Page, values_of
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

LISTS = "GET .*/(services|activities)$"
FORWARDED = {"X-Forwarded-For": "198.18.255.1"}


@dataclass(frozen=True)
class Fault:
    """One way to fail, and the words by which Cloud's and ClickHouse's answers are known."""

    name: str
    order: dict[str, Any]
    cloud_words: str
    clickhouse_words: str = "Something other than ClickHouse answered"


CLOSED = "ClickHouse closed the connection"
FAULTS = (
    Fault("timeout", {"kind": "timeout", "seconds": 60}, "not answer in time", "did not answer"),
    Fault("reset", {"kind": "reset"}, "broke off", CLOSED),
    Fault("429", {"kind": "status", "status": 429, "seconds": 20}, "receives too many requests"),
    Fault("500", {"kind": "status", "status": 500}, r"fault of its own \(status 500\)"),
    Fault("502 as text", {"kind": "status", "status": 502}, r"fault of its own \(status 502\)"),
    Fault("malformed JSON", {"kind": "cut_json"}, "makes no sense"),
    Fault("wrong shape", {"kind": "wrong_shape"}, "makes no sense|did not show what came of it"),
    Fault("slow drip", {"kind": "slow", "seconds": 60}, "not answer in time", "did not answer"),
    Fault("redirect", {"kind": "redirect"}, "points elsewhere"),
    Fault("answer lost", {"kind": "drop_after_apply"}, "broke off", CLOSED),
    Fault("401", {"kind": "status", "status": 401}, r"own key is refused"),
    Fault("403", {"kind": "status", "status": 403}, r"own key is refused"),
)


@dataclass(frozen=True)
class Meeting:
    """What came of a fault in a place: the status, and all that the person or program reads."""

    status: int
    text: str
    cause: str


@dataclass(frozen=True)
class Scene:
    """A portal over a sandbox, and one fault."""

    portal: PortalProcess
    sandbox: RunningSandbox
    alice: Browser
    fault: Fault

    def order(self, match: str) -> None:
        """From now on requests that match fail; those of before are forgotten."""
        self.sandbox.fault(match, times=None, **self.fault.order)

    def send(self, method: str, path: str, **options: Any) -> Meeting:  # noqa: ANN401 - requests'
        """Send what a page of the portal would, and read what comes back, redirects followed."""
        own = {"Origin": self.portal.url, "Sec-Fetch-Site": "same-origin"}
        response = self.alice.session.request(
            method, self.portal.url + path, headers=own, timeout=30, **options
        )
        return self.read(response)

    def read(self, response: requests.Response) -> Meeting:
        """What a person reads there."""
        page = Page(response)
        return Meeting(response.status_code, f"{page.h1} {page.main}", self.fault.cloud_words)

    def press(self, button: str, fields: dict[str, str] | None = None) -> Meeting:
        """Press a button of the page that is open."""
        page = self.alice.page
        values = dict(values_of(page.form_of(button))) | (fields or {})
        return self.send("POST", page.action_of(button), data=values)

    @cached_property
    def auth(self) -> tuple[str, str]:
        """Alice's name and password."""
        person = self.sandbox.person("alice")
        return person.name, person.password

    def call(self, method: str, part: str, body: object = None) -> Meeting:
        """Call the JSON API about the group."""
        response = requests.request(
            method,
            f"{self.portal.url}/api/v1{group_path(self.sandbox, part=part)}",
            json=body,
            auth=self.auth,
            headers=FORWARDED,
            timeout=30,
        )
        return Meeting(response.status_code, response.text, self.fault.cloud_words)


def show_groups_page(scene: Scene) -> Meeting:
    """The page of all groups."""
    scene.order(LISTS)
    return scene.send("GET", "/groups")


def show_group_page(scene: Scene) -> Meeting:
    """The page of one group."""
    scene.order(LISTS)
    return scene.send("GET", group_path(scene.sandbox))


def propose(scene: Scene) -> Meeting:
    """Asking for another size; what was typed must come back."""
    scene.alice.get(group_path(scene.sandbox, part="scale"))
    scene.order(LISTS)
    met = scene.press("Review changes", {"reason": "month end report"})
    return Meeting(met.status, met.text, f"{met.cause}.*month end report")


def apply(scene: Scene) -> Meeting:
    """Confirming a draft."""
    draft(scene.alice, scene.sandbox)
    scene.order("PATCH")
    return scene.press(f"Scale {REPORTING}")


def wake(scene: Scene) -> Meeting:
    """Waking an idle group at one press."""
    scene.sandbox.force(REPORTING, state="idle")
    scene.alice.get(group_path(scene.sandbox))
    scene.order("PATCH")
    return scene.press("Wake this group")


def sign_in(scene: Scene) -> Meeting:
    """Signing in, where ClickHouse is what fails."""
    browser = Browser(scene.portal.url)
    browser.get("/sign-in")
    values = dict(values_of(browser.page.form_of("Sign in")))
    user, password = scene.auth
    values |= {"warehouse": "analytics", "user": user, "password": password}
    scene.order("clickhouse:")
    response = browser.session.post(f"{scene.portal.url}/sign-in", values, timeout=30)
    met = scene.read(response)
    return Meeting(met.status, met.text, scene.fault.clickhouse_words)


def show_change_page(scene: Scene) -> Meeting:
    """The page of a change that was accepted."""
    draft(scene.alice, scene.sandbox)
    page = scene.alice.submit(f"Scale {REPORTING}", to=TO_CHANGE)
    scene.order(LISTS)
    return scene.send("GET", page.path)


def call_read(scene: Scene) -> Meeting:
    """A program that looks at a group."""
    scene.call("GET", "")
    scene.order(LISTS)
    return scene.call("GET", "")


def call_change(scene: Scene) -> Meeting:
    """A program that changes a group."""
    scene.order("PATCH")
    return scene.call("POST", "changes", LARGER)


PLACES: dict[str, Callable[[Scene], Meeting]] = {
    "groups": show_groups_page,
    "group": show_group_page,
    "propose": propose,
    "apply": apply,
    "wake": wake,
    "sign-in": sign_in,
    "change page": show_change_page,
    "API: read": call_read,
    "API: change": call_change,
}
WRITING = {"apply", "wake", "change page", "API: change"}
"""The places where one PATCH goes out; in the others none may."""

ALLOWED = {200, 201, 202, 401, 429, 502, 503, 504}
"""Found, done, or not known yet; or an error that is not the portal's own."""


def problem_of(place: str, met: Meeting, patches: int) -> str:
    """What is wrong with how a place met a fault; "" if nothing is."""
    if met.status not in ALLOWED:
        return f"status {met.status}: {met.text[:200]}"
    if patches != (place in WRITING):
        return f"{patches} PATCHes"
    if not re.search(met.cause, met.text, re.S):
        return f"does not name the cause ({met.cause}): {met.text[:400]}"
    return ""
