"""The form to scale a group: what it offers, every rule of it, and what it does when sent."""

from collections.abc import Mapping

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.people import CAMPAIGNS, REPORTING, TO_REVIEW, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import NO_BUDGET, Config, PortalProcess
from tests.support.sandbox import RunningSandbox

Typed = Mapping[str, str]
MEMORY = "Memory must be between 8 and 356 GB per replica"
OFFERED = "Choose one of the memory sizes offered: 8, 12, 16, 32, 64, 120, 236 GB"
MOST_BELOW_LEAST = "Maximum memory per replica must be at least the minimum (32 GB)"
MOST_BELOW_FEWEST = "Maximum replicas must be at least the minimum (7)"
NOT_WHOLE = "Enter a whole number, such as 4"
REPLICAS = "The number of replicas must be between 1 and 10"
FEWEST_TO_MOST = "The number of replicas must be between 2 and 8"
TIMEOUT = "The idle timeout must be between 5 and 1440 minutes"


def ask(browser: Browser, group: str, typed: Typed, status: int, sandbox: RunningSandbox) -> Page:
    browser.get(group_path(sandbox, group, "scale"))
    return browser.submit("Review changes", typed, status=status)


def test_the_form_shows_what_is_configured(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = sign_in("alice").get(group_path(sandbox, part="scale"))
    shown = {"min_memory_gb": "8", "max_memory_gb": "16", "num_replicas": "1"}
    shown |= {"idle_scaling": "on", "idle_timeout_minutes": "10", "reason": ""}
    assert {name: page.value(name) for name in shown} == shown
    assert "Currently 8 to 16 GB total: 1 replica of 8 to 16 GB." in page.main


def test_the_memory_sizes_are_the_configured_ones_and_the_present_one(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    sandbox.force(REPORTING, maxReplicaMemoryGb=24)
    page = sign_in("alice").get(group_path(sandbox, part="scale"))
    offered = [str(tag["value"]) for tag in page.soup.select("#max_memory_gb option")]
    assert offered == ["8", "12", "16", "24", "32", "64", "120", "236"]
    assert page.value("max_memory_gb") == "24"


def test_a_horizontal_group_has_a_form_of_its_own(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = sign_in("dana").get(group_path(sandbox, CAMPAIGNS, "scale"))
    shown = {"memory_gb": "32", "min_replicas": "2", "max_replicas": "6", "idle_scaling": "on"}
    assert {name: page.value(name) for name in shown} == shown
    assert page.soup.select_one("#num_replicas") is None


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"min_memory_gb": "32"}, "max_memory_gb", MOST_BELOW_LEAST),
        ({"max_memory_gb": "18"}, "max_memory_gb", "Memory must be a multiple of 4 GB"),
        ({"max_memory_gb": "4"}, "max_memory_gb", MEMORY),
        ({"max_memory_gb": "360"}, "max_memory_gb", MEMORY),
        ({"max_memory_gb": "20"}, "max_memory_gb", OFFERED),
        ({"min_memory_gb": ""}, "min_memory_gb", "Enter a value"),
        ({"max_memory_gb": ""}, "max_memory_gb", "Enter a value"),
        ({"num_replicas": ""}, "num_replicas", "Enter a value"),
        ({"num_replicas": "0"}, "num_replicas", REPLICAS),
        ({"num_replicas": "11"}, "num_replicas", REPLICAS),
        ({"num_replicas": "-1"}, "num_replicas", REPLICAS),
        ({"idle_scaling": "perhaps"}, "idle_scaling", "Choose on or off"),
        ({"idle_timeout_minutes": "4"}, "idle_timeout_minutes", TIMEOUT),
        ({"idle_timeout_minutes": "1441"}, "idle_timeout_minutes", TIMEOUT),
        (
            {"idle_scaling": "off", "idle_timeout_minutes": "30"},
            "idle_timeout_minutes",
            "Allow idling to change the idle timeout, or keep the timeout",
        ),
        ({"reason": "x" * 501}, "reason", "Shorten the reason to 500 characters"),
        ({"reason": "a\x1b[31mred"}, "reason", "Remove control characters from the reason"),
        ({"reason": "\u202egnihtemos"}, "reason", "Remove control characters from the reason"),
    ],
)
def test_each_broken_rule_stands_beside_its_field(
    sign_in: SignIn, sandbox: RunningSandbox, typed: Typed, field: str, problem: str
) -> None:
    page = ask(sign_in("alice"), REPORTING, typed, 422, sandbox)
    assert page.problem(field) == problem
    assert len(page.summary) == 1
    assert page.summary[0].endswith(problem[1:])
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"memory_gb": ""}, "memory_gb", "Enter a value"),
        ({"memory_gb": "20"}, "memory_gb", OFFERED),
        ({"memory_gb": "33"}, "memory_gb", "Memory must be a multiple of 4 GB"),
        ({"min_replicas": ""}, "min_replicas", "Enter a value"),
        ({"min_replicas": "7"}, "max_replicas", MOST_BELOW_FEWEST),
        ({"min_replicas": "0"}, "min_replicas", FEWEST_TO_MOST),
        ({"max_replicas": "21"}, "max_replicas", FEWEST_TO_MOST),
        ({"max_replicas": "six"}, "max_replicas", NOT_WHOLE),
    ],
)
def test_each_rule_of_a_horizontal_group_too(
    sign_in: SignIn, sandbox: RunningSandbox, typed: Typed, field: str, problem: str
) -> None:
    page = ask(sign_in("dana"), CAMPAIGNS, typed, 422, sandbox)
    assert page.problem(field) == problem
    assert sandbox.writes() == []


def test_all_that_is_wrong_is_said_at_once_and_all_that_was_typed_is_kept(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    typed = {
        "min_memory_gb": "10",
        "max_memory_gb": "64",
        "num_replicas": "many",
        "idle_scaling": "on",
        "idle_timeout_minutes": "1.5",
        "reason": "Quarter end <b>",
    }
    page = ask(sign_in("alice"), REPORTING, typed, 422, sandbox)
    assert [line.partition(":")[0] for line in page.summary] == [
        "Minimum memory per replica",
        "Replicas",
        "Idle timeout",
    ]
    assert {name: page.value(name) for name in typed} == typed


def test_a_reason_can_be_demanded(start_portal: StartPortal, sandbox: RunningSandbox) -> None:
    def demand(config: Config) -> None:
        config["portal"]["limits"] = {"reason_required": True}

    browser = Browser(start_portal(entry=NO_BUDGET, adapt=demand).url)
    browser.sign_in(sandbox.person("alice"))
    page = ask(browser, REPORTING, {"num_replicas": "2"}, 422, sandbox)
    assert page.problem("reason") == "Enter a reason, so that others can see why"
    typed = {"num_replicas": "2", "reason": "Quarter end"}
    page = browser.submit("Review changes", typed, to=TO_REVIEW)
    assert "Reason: Quarter end" in page.main


@pytest.mark.parametrize("spelling", ["1", " 1 ", "1 replica", "01"])
def test_when_nothing_changes_it_says_so_and_asks_nothing_of_cloud(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess, spelling: str
) -> None:
    page = ask(sign_in("alice"), REPORTING, {"num_replicas": spelling}, 200, sandbox)
    assert "There is nothing to change." in page.text('[role="status"]')
    assert sandbox.writes() == []
    assert portal.execute("SELECT count(*) FROM changes") == [(0,)]


def test_a_configuration_that_changed_meanwhile_is_shown_beside_what_was_asked(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    sandbox.force(REPORTING, numReplicas=3)
    typed = {"max_memory_gb": "64", "reason": "Quarter end"}
    page = alice.submit("Review changes", typed, status=409)
    assert "was changed by someone else." in page.text(".notice")
    assert page.text("table.comparison thead") == "Setting PreviousCurrentRequested"
    assert "Replicas 1 3 1" in page.text("table.comparison")
    assert page.value("max_memory_gb") == "64"
    assert page.value("reason") == "Quarter end"
    page = alice.submit("Review changes", {"num_replicas": "3"}, to=TO_REVIEW)
    shown = page.text("table.comparison")
    assert "Memory per replica 8 to 16 GB 8 to 64 GB (changed)" in shown
    assert "Replicas 3 3 Change" in shown
    assert sandbox.writes() == []


def test_a_mode_that_changed_meanwhile_gives_the_other_form(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    sandbox.force(REPORTING, autoscalingMode="horizontal", minReplicas=2, maxReplicas=4)
    page = alice.submit("Review changes", {"max_memory_gb": "64"}, status=409)
    assert page.value("min_replicas") == "2"
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "status", "status": 502}, 504),
        ({"kind": "status", "status": 429, "seconds": 20}, 503),
        ({"kind": "status", "status": 403}, 502),
        ({"kind": "reset"}, 504),
        ({"kind": "not_json"}, 504),
        ({"kind": "wrong_shape"}, 504),
        ({"kind": "redirect"}, 504),
    ],
)
def test_when_cloud_fails_the_form_stays_with_all_that_was_typed(
    sign_in: SignIn, sandbox: RunningSandbox, fault: dict[str, object], status: int
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    sandbox.fault("GET .*/services$", times=None, **fault)  # type: ignore[arg-type] # kind among the others
    page = alice.submit("Review changes", {"max_memory_gb": "64"}, status=status)
    assert page.soup.select_one('[role="alert"]') is not None
    assert page.value("max_memory_gb") == "64"
    assert sandbox.writes() == []
    sandbox.clear_faults()
    alice.submit("Review changes", to=TO_REVIEW)  # nothing is lost: press again


def test_the_values_come_back_when_somebody_changes_their_mind(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    page = draft(alice, sandbox, max_memory_gb="64", num_replicas="2")
    page = alice.get(page.link("Change memory per replica"))
    assert (page.value("max_memory_gb"), page.value("num_replicas")) == ("64", "2")
