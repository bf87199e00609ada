"""Every page in every state that it can have, one after the other, for whoever looks at them all.

The way there is walked over HTTP; what the portal answered is then shown in Chromium, byte for
byte and with its headers, so that answers to forms can be looked at as easily as others.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import requests
from playwright.sync_api import Page as ChromiumPage
from playwright.sync_api import Route

from tests.browser import tour_in_time, tour_of_people, tour_of_spend
from tests.browser.conftest import carry_session
from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.pages.people import CAMPAIGNS, REPORTING, confirm, draft, group_path
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

DOCS = "/clickhouse/manual/scaling/docs"
STOP = f"Stop {REPORTING}"
STATES = ("running", "idle", "awaking", "stopped", "degraded", "failed", "a_state_of_next_year")
MAIN = frozenset(
    {
        "sign-in-errors",
        "groups",
        "group-idle",
        "scale-errors",
        "review-conflict",
        "review-of-stopping-errors",
        "change-accepted",
        "boost-active",
        "schedule-errors",
        "schedule-review",
        "schedule-acting",
        "schedules",
        "account",
        "activity",
        "account-with-tokens",
        "help",
        "admin",
        "admin-access",
        "admin-access-of-alice",
        "spend",
        "admin-errors",
        "admin-sessions",
        "not-found",
    }
)
ANALYTICS = ("primary", "reporting", "ad hoc", "archive", "month end")
ADMIN = ("access", "limits", "sessions", "tokens", "jobs", "cloud", "settings", "audit")
WRONG = {"user": "alice", "password": "wrong", "warehouse": "analytics"}


@dataclass(frozen=True)
class Stop:
    """One page in one state."""

    name: str
    answer: requests.Response
    browser: Browser

    @property
    def is_main(self) -> bool:
        """Whether it is the one state of its page that even a short look takes in."""
        return self.name in MAIN

    def show(self, page: ChromiumPage) -> None:
        """Open it in Chromium, as the person who it was made for."""
        page.context.clear_cookies()
        carry_session(page.context, self.browser)
        url = self.answer.url.partition("#")[0]

        def fulfil(route: Route) -> None:
            if not route.request.is_navigation_request():
                route.fallback()
                return
            headers = {k: v for k, v in self.answer.headers.items() if k != "Set-Cookie"}
            route.fulfill(status=self.answer.status_code, headers=headers, body=self.answer.content)

        page.route(url, fulfil)
        page.goto(url)
        page.unroute(url)


@dataclass
class Tour:
    """The way through all pages; `stops` may be walked once, on empty records."""

    portal: PortalProcess
    sandbox: RunningSandbox
    people: dict[str, Browser] = field(default_factory=dict)

    def stops(self) -> Iterator[Stop]:
        """All of them."""
        yield from self._signing_in()
        yield from self._groups()
        yield from self._people()
        yield from self._asking()
        yield from self._reviewing()
        yield from self._changes()
        yield from self._outages()
        yield from self._in_time()
        yield from self._administration()
        yield from self._spending()
        yield from self._documents()
        yield from self._company()
        yield from self._part_in_time(tour_in_time.schedules_overruled)

    def _person(self, name: str) -> Browser:
        if name not in self.people:
            self.people[name] = Browser(self.portal.url)
            self.people[name].sign_in(self.sandbox.person(name))
        return self.people[name]

    def _stop(self, name: str, browser: Browser) -> Stop:
        return Stop(name, browser.page.response, browser)

    def _begin(self) -> Browser:
        """Alice, everything as at the beginning."""
        self.sandbox.reset()
        self.portal.execute("DELETE FROM changes")
        return self._person("alice")

    def _signing_in(self) -> Iterator[Stop]:
        stranger = Browser(self.portal.url)
        stranger.get("/sign-in")
        yield self._stop("sign-in", stranger)
        stranger.submit("Sign in", status=422)
        yield self._stop("sign-in-errors", stranger)
        stranger.submit("Sign in", WRONG, status=401)
        yield self._stop("sign-in-refused", stranger)
        for name in ("ended", "signed_out"):
            stranger.get(f"/sign-in?{name}=1")
            yield self._stop(f"sign-in-{name}", stranger)
        stranger.get("/nowhere", 404)
        yield self._stop("not-found-for-strangers", stranger)
        for name in ANALYTICS:
            self.sandbox.force(f"Analytics {name}", state="idle")
        stranger.get("/sign-in")
        stranger.submit("Sign in", WRONG, status=409)
        yield self._stop("sign-in-by-waking", stranger)
        self.sandbox.reset()

    def _groups(self) -> Iterator[Stop]:
        alice = self._begin()
        alice.get("/groups")
        yield self._stop("groups", alice)
        alice.get("/groups?q=nothing+of+the+kind")
        yield self._stop("groups-none-found", alice)
        alice.get("/account")
        yield self._stop("account", alice)
        for state in STATES:
            self.sandbox.force(REPORTING, state=state)
            alice.get(group_path(self.sandbox))
            yield self._stop(f"group-{state}", alice)
        self.sandbox.reset()
        bob = self._person("bob")
        bob.get(group_path(self.sandbox))
        yield self._stop("group-to-look-at", bob)
        self.sandbox.force(REPORTING, profile="v1-highmem-xl")
        alice.get(group_path(self.sandbox))
        yield self._stop("group-of-another-kind", alice)
        self.sandbox.reset()
        dana = self._person("dana")
        dana.get(group_path(self.sandbox, CAMPAIGNS))
        yield self._stop("group-with-a-schedule", dana)
        alice.get("/groups/0c000000-0000-4000-8000-0000000000ff", 404)
        yield self._stop("not-found", alice)

    def _people(self) -> Iterator[Stop]:
        alice = self._begin()
        self.portal.execute("DELETE FROM tokens")
        for part in (tour_of_people.activity, tour_of_people.tokens):
            for name in part(alice, self.sandbox):
                yield self._stop(name, alice)
        both = Browser(self.portal.url)
        for name in tour_of_people.two_warehouses(both, self.sandbox):
            yield self._stop(name, both)

    def _company(self) -> Iterator[Stop]:
        for name, stranger in tour_of_people.company(self.sandbox):
            yield self._stop(name, stranger)

    def _asking(self) -> Iterator[Stop]:
        alice = self._begin()
        alice.get(group_path(self.sandbox, part="scale"))
        yield self._stop("scale", alice)
        alice.get(group_path(self.sandbox, part="scale?preset=Month%20end"))
        yield self._stop("scale-preset", alice)
        alice.submit("Review changes", {"num_replicas": "1e2"}, status=422)
        yield self._stop("scale-errors", alice)
        alice.get(group_path(self.sandbox, part="scale"))
        alice.submit("Review changes")
        yield self._stop("scale-nothing-to-change", alice)
        dana = self._person("dana")
        dana.get(group_path(self.sandbox, CAMPAIGNS, "scale"))
        yield self._stop("scale-sideways", dana)
        bob = self._person("bob")
        bob.get(group_path(self.sandbox, part="scale"), 403)
        yield self._stop("not-allowed", bob)

    def _reviewing(self) -> Iterator[Stop]:
        alice = self._begin()
        draft(alice, self.sandbox, max_memory_gb="64", reason="Month end")
        yield self._stop("review", alice)
        self.sandbox.force(REPORTING, maxReplicaMemoryGb=32)
        alice.submit(f"Scale {REPORTING}", status=409)
        yield self._stop("review-conflict", alice)
        self.sandbox.reset()
        draft(alice, self.sandbox, max_memory_gb="64", num_replicas="5")
        yield self._stop("review-with-proof", alice)
        alice.submit(f"Scale {REPORTING}", {"password": "wrong"}, status=401)
        yield self._stop("review-proof-refused", alice)
        alice.get(group_path(self.sandbox))
        alice.submit("Stop this group …", to=_anywhere())
        yield self._stop("review-of-stopping", alice)
        alice.submit(STOP, status=422)
        yield self._stop("review-of-stopping-errors", alice)

    def _changes(self) -> Iterator[Stop]:
        alice = self._begin()
        draft(alice, self.sandbox, max_memory_gb="64", reason="Month end")
        path = confirm(alice).path
        yield self._stop("change-accepted", alice)
        alice.get(group_path(self.sandbox))
        yield self._stop("group-under-way", alice)
        self.sandbox.advance(3600)
        alice.get(path)
        yield self._stop("change-applied", alice)
        alice.get(group_path(self.sandbox))
        yield self._stop("group-with-changes", alice)
        draft(alice, self.sandbox, num_replicas="2")
        self.sandbox.fault("PATCH", "status", status=400)
        alice.submit(f"Scale {REPORTING}", to=_anywhere())
        yield self._stop("change-rejected", alice)
        alice = self._begin()
        draft(alice, self.sandbox)
        self.sandbox.fault("PATCH", "reset")
        confirm(alice)
        yield self._stop("change-unknown", alice)
        path = alice.page.path
        self.sandbox.force(REPORTING, maxReplicaMemoryGb=32)
        self.portal.age("changes", "sent_at", 61)
        alice.get(path)
        yield self._stop("change-nothing-tells", alice)
        alice.submit("Close this change", to=path)
        yield self._stop("change-closed", alice)

    def _outages(self) -> Iterator[Stop]:
        alice = self._begin()
        self.sandbox.fault("GET", "status", status=403, times=None)
        alice.get("/groups")
        yield self._stop("groups-when-cloud-is-down", alice)
        alice.get(group_path(self.sandbox))
        yield self._stop("group-when-cloud-is-down", alice)
        self.sandbox.clear_faults()
        alice.post("/sign-out", status=403)
        yield self._stop("form-of-another-session", alice)

    def _in_time(self) -> Iterator[Stop]:
        for part in (tour_in_time.boosts, tour_in_time.schedules):
            yield from self._part_in_time(part)

    def _part_in_time(self, part: Callable[..., Iterator[str]]) -> Iterator[Stop]:
        tour_in_time.forget_all(self.portal)
        alice = self._begin()
        for name in part(alice, self.portal, self.sandbox):
            yield self._stop(name, alice)

    def _administration(self) -> Iterator[Stop]:
        admin = AdminBrowser(self.portal.url)
        admin.get("/admin/sign-in")
        yield self._stop("admin-sign-in", admin)
        admin.submit("Sign in", status=422)
        yield self._stop("admin-sign-in-errors", admin)
        admin.sign_in_as_admin()
        yield self._stop("admin", admin)
        for place in ADMIN:
            admin.get(f"/admin/{place}")
            yield self._stop(f"admin-{place}", admin)
        admin.get("/admin/access/search?user=alice&roles=")
        yield self._stop("admin-access-of-alice", admin)
        admin.get("/admin/access/search?user=&roles=", status=422)
        yield self._stop("admin-access-errors", admin)
        admin.get("/admin/freeze")
        admin.submit("Freeze changes", {"reason": " "}, status=422)
        yield self._stop("admin-errors", admin)
        admin.freeze("Quarter end")
        yield self._stop("admin-frozen", admin)
        alice = self._person("alice")
        alice.get(group_path(self.sandbox))
        yield self._stop("group-frozen", alice)
        alice.get(group_path(self.sandbox, part="schedule"))
        yield self._stop("schedule-frozen", alice)
        admin.lift_freeze()
        tour_in_time.forget_all(self.portal)

    def _spending(self) -> Iterator[Stop]:
        alice = self._begin()
        for name in tour_of_spend.spend(alice, self.portal, self.sandbox):
            yield self._stop(name, alice)

    def _documents(self) -> Iterator[Stop]:
        reader = Browser(self.portal.url)
        reader.session.auth = (NAME, PASSWORD)
        answer = reader.fetch("GET", f"{DOCS}/reference")
        yield Stop("docs", answer, reader)


def _anywhere() -> re.Pattern[str]:
    return re.compile(".*")
