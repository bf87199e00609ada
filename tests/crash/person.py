"""Alice, who changes groups at one portal or at two at once, while these die or stand still."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import requests

from app.domain.groups.scaling import ScalingConfig
from tests.pages.people import REFERENCE
from tests.support.browser import Browser, Page, values_of
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.unit.services.over_sandbox import real_client

GROUPS = ("Analytics primary", "Analytics reporting", "Analytics ad hoc", "Analytics archive")
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset"},
    {"kind": "drop_after_apply"},
    {"kind": "not_json"},
    {"kind": "timeout", "seconds": 0.5},
    {"kind": "slow", "seconds": 0.3},
    {"kind": "status", "status": 400},
    {"kind": "status", "status": 429},
    {"kind": "status", "status": 500},
)
ANSWERS = {303, 409, 502, 503, 504}
"""What pressing a button may lead to; nobody ever sees a fault of the portal itself."""
SAVED = {200, 409, 502, 503, 504}
"""What saving a schedule may lead to; 409 where another version was saved at the same moment."""

TIMEOUT_SECONDS = 40
LONGEST_IDLE_TIMEOUT_MINUTES = 10_080
FIRST_PLANNED, FIRST_OF_PEOPLE = 6, 5_000
"""Idle timeouts of plans and of people: a boost must not ask for less than there is."""

BOOSTED_GB = 64


def ask_for_anything(config: Config) -> None:
    """Idle timeouts that no two changes of a test share."""
    analytics = config["warehouses"][0]
    analytics["limits"]["idle_timeout_minutes"]["max"] = LONGEST_IDLE_TIMEOUT_MINUTES


@dataclass
class Alice:
    """One session, good at every portal; safe to share by threads. `usual` is how each group was
    configured at first."""

    sandbox: RunningSandbox
    cookies: dict[str, str]
    token: str
    random: Random
    usual: dict[str, ScalingConfig]
    numbers: "count[int]" = field(default_factory=lambda: count(FIRST_OF_PEOPLE))
    planned: "count[int]" = field(default_factory=lambda: count(FIRST_PLANNED))

    def draft(self, portal: PortalProcess, *, is_boost: bool = False) -> str | None:
        """A draft of an idle timeout that nobody else asks for, and of more memory until a moment
        later if it is a boost; None if none came of it."""
        path = f"/groups/{self.sandbox.service_id(self.random.choice(GROUPS))}/scale"
        page = self.send(portal, "GET", path)
        if page is None or page.status != 200 or not page.has("Review changes"):
            return None
        fields = dict(values_of(page.form_of("Review changes")))
        fields["idle_timeout_minutes"] = str(next(self.numbers))
        if is_boost:
            self._boost(fields)
        answer = self.send(portal, "POST", path, fields)
        location = answer.response.headers.get("Location", "") if answer else ""
        found = re.search(REFERENCE, location)
        return found[0] if found else None

    def _boost(self, fields: dict[str, str]) -> None:
        largest = max(int(fields["max_memory_gb"]), BOOSTED_GB)
        end = datetime.now(UTC) + timedelta(seconds=self.random.uniform(61, 120))
        fields |= {"max_memory_gb": str(largest), "lasts": "at", "until": end.isoformat()}

    def put_schedule(self, portal: PortalProcess, service_id: str, plan: dict[str, Any]) -> bool:
        """Put a schedule in force as a program does; False if it was not, or nobody can tell."""
        person = self.sandbox.person("alice")
        with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            answer = requests.put(
                f"{portal.url}/api/v1/groups/{service_id}/schedule",
                json=plan,
                auth=(person.name, person.password),
                timeout=TIMEOUT_SECONDS,
            )
            assert answer.status_code in SAVED, answer.text
            return answer.status_code == 200
        return False

    def press(self, path: str, *portals: PortalProcess, **fields: str) -> None:
        """Press a button at all of them at once."""
        with ThreadPoolExecutor(len(portals)) as pool:
            presses = [pool.submit(self.send, portal, "POST", path, fields) for portal in portals]
            answers = [press.result() for press in presses]
        assert {item.status for item in answers if item} <= ANSWERS

    def confirm(self, reference: str, *portals: PortalProcess) -> None:
        """Press the button at all of them at once."""
        self.press(f"/changes/{reference}/confirm", *portals)

    def order_fault(self, faults: Sequence[dict[str, Any]] = FAULTS) -> None:
        """Let the next change meet a fault of Cloud's."""
        self.sandbox.fault("^PATCH ", **self.random.choice(faults))

    def send(
        self, portal: PortalProcess, method: str, path: str, fields: dict[str, str] | None = None
    ) -> Page | None:
        """One request; None if the portal died of it, or was dead."""
        headers = {"Origin": portal.url, "Sec-Fetch-Site": "same-origin"}
        data = None if fields is None else {**fields, "csrf_token": self.token}
        with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return Page(
                requests.request(
                    method,
                    portal.url + path,
                    data=data,
                    headers=headers,
                    cookies=self.cookies,
                    allow_redirects=False,
                    timeout=TIMEOUT_SECONDS,
                )
            )
        return None


def sign_in_alice(portal: PortalProcess, seed: int) -> Alice:
    """Alice, whose choices depend on the seed."""
    browser = Browser(portal.url)
    browser.sign_in(portal.sandbox.person("alice"))
    chance = Random(seed)  # noqa: S311 - chance, and no secret
    cookies = browser.session.cookies.get_dict()
    usual = read_configs(portal.sandbox)
    return Alice(portal.sandbox, cookies, browser.page.csrf_token, chance, usual)


def read_configs(sandbox: RunningSandbox) -> dict[str, ScalingConfig]:
    """What is configured in the groups that are changed."""
    client = real_client(sandbox)
    found = [client.get_service(sandbox.service_id(name)) for name in GROUPS]
    return {it.service_id: it.configured for it in found if it.configured}


def state_of(portal: PortalProcess, reference: str) -> tuple[str, str | None]:
    """The state of a change, and by what it was settled."""
    query = "SELECT state, settled_by FROM changes WHERE reference = ?"
    ((state, settled_by),) = portal.execute(query, reference)
    return state, settled_by
