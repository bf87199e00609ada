"""Every command against what `make run` starts, as a table and as JSON, with its exit code."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.client.conftest import PERMISSIONS, Cgp, Told
from tests.support.browser import Browser
from tests.support.demo import RunningDemo, running_demo
from tests.support.sandbox import Person
from tests.support.tokens import make_token
from tests.support.waiting import wait_until

PRIMARY, REPORTING = "Analytics primary", "Analytics reporting"
AD_HOC, MONTH_END = "Analytics ad hoc", "Analytics month end"
ALICE = Person("alice", "alice-sandbox-1", "analytics")
LARGER = ("--memory", "64", "--for", "2h")


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDemo]:
    """The demonstration."""
    with running_demo() as found:
        # What the portal allows itself still holds; its readings at the start are no matter here.
        settings = {"rate_limit": None}
        requests.post(f"{found.sandbox}/_sandbox/settings", json=settings, timeout=20)
        yield found


@pytest.fixture(scope="module")
def cgp(running: RunningDemo, tmp_path_factory: pytest.TempPathFactory) -> Cgp:
    """The command with a token that Alice made for all of her groups."""
    browser = Browser(running.url)
    browser.sign_in(ALICE)
    page = browser.get("/account/tokens/new")
    names = [str(tag["name"]) for tag in page.soup.select('input[name^="group_"]')]
    groups = [name.removeprefix("group_") for name in names]
    secret = make_token(browser, "alice", groups, PERMISSIONS, may_confirm="y")
    home: Path = tmp_path_factory.mktemp("home")
    kept = {"PATH": os.environ["PATH"], "HOME": str(home)}
    return Cgp(kept | {"CGP_URL": running.url, "CGP_TOKEN": secret})


READINGS = [
    (("groups",), "groups", PRIMARY),
    (("show", PRIMARY), "group", "3 x 16-32 GB"),
    (("changes", PRIMARY), "changes", "EFFECT"),
    (("schedule", "show", PRIMARY), "schedule", "Decides now"),
    (("spend", PRIMARY), "spend", "Month so far"),
    (("scale", PRIMARY, "--max-memory", "64", "--dry-run"), "preview", "64"),
    (("boost", PRIMARY, *LARGER, "--dry-run"), "preview", "64"),
]


@pytest.mark.parametrize(("words", "key", "told"), READINGS, ids=lambda item: str(item)[:30])
def test_what_changes_nothing(cgp: Cgp, words: tuple[str, ...], key: str, told: str) -> None:
    assert told in insist(cgp, *words).out
    assert key in insist(cgp, *words, "--json").json


def insist(cgp: Cgp, *words: str, code: int = 0, **environ: str) -> Told:
    """Run it, again for as long as the portal's requests to Cloud are used up, as it says."""
    found: list[Told] = []

    def is_done() -> bool:
        try:
            found.append(cgp(*words, code=code, **environ))
        except AssertionError as error:
            if "used up its requests" not in str(error):
                raise
        return bool(found)

    wait_until(is_done)
    return found[0]


def test_what_changes_something(cgp: Cgp) -> None:
    larger = ("scale", REPORTING, "--max-memory", "32", "--idempotency-key", "of-this-test")
    done = insist(cgp, *larger, "--wait", "--timeout", "2m", "--json").json["change"]
    assert (done["state"], done["effect"]) == ("applied", "in_effect")
    assert done["reference"] in insist(cgp, *larger).out
    assert insist(cgp, "wake", AD_HOC, "--json").json["change"]["act"] == "wake"
    assert "start" in insist(cgp, "start", MONTH_END, "--reason", "closing").out
    stopped = insist(cgp, "stop", REPORTING, "--confirm", REPORTING, "--json")
    assert stopped.json["change"]["act"] == "stop"
    assert insist(cgp, "boost", PRIMARY, *LARGER, "--json").json["boost"]["reference"]
    assert "Goes back to" in insist(cgp, "boost", PRIMARY, "--end").out


def test_with_a_job(cgp: Cgp) -> None:
    job = (sys.executable, "-c", "print('hi'); raise SystemExit(3)")
    told = insist(cgp, "run", "--boost", "64", "--for", "1h", PRIMARY, "--", *job, code=3)
    assert told.out == "hi\n"
    assert told.err


@pytest.mark.parametrize(
    ("code", "words", "environ"),
    [
        (1, ("show", "nowhere"), {}),
        (1, ("show", "Marketing campaigns"), {}),
        (1, ("groups",), {"CGP_URL": "http://127.0.0.1:9"}),
        (2, ("scale", PRIMARY), {}),
        (2, ("no-such-command",), {}),
        (2, ("stop", PRIMARY), {}),
        (4, ("groups",), {"CGP_TOKEN": ""}),
        (4, ("groups",), {"CGP_TOKEN": f"cgp_{'a' * 36}"}),
        (5, ("scale", PRIMARY, "--replicas", "99"), {}),
    ],
)
def test_what_does_not_work(
    cgp: Cgp, code: int, words: tuple[str, ...], environ: dict[str, str]
) -> None:
    told = insist(cgp, *words, code=code, **environ)
    assert (told.out, bool(told.err)) == ("", True)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion(cgp: Cgp, shell: str) -> None:
    assert "_CGP_COMPLETE" in cgp("completion", shell).out
