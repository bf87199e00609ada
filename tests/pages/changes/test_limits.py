"""The owners' limits on the page: named in hints, offered by fields, held by the server."""

from collections.abc import Mapping

import pytest

from tests.conftest import SignIn
from tests.pages.people import REPORTING, TO_CHANGE, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

PRIMARY = "Analytics primary"
AD_HOC = "Analytics ad hoc"
ARCHIVE = "Analytics archive"
MONTH_END = "Analytics month end"
LIMIT = "the limit for this group is 480 GB"
AD_HOC_SIZES = ["8", "16", "24", "32", "40", "48", "56", "64"]

Typed = Mapping[str, str]


@pytest.fixture
def alice(sign_in: SignIn) -> Browser:
    """Alice, who owns every group of Analytics."""
    return sign_in("alice")


def ask(browser: Browser, sandbox: RunningSandbox, group: str, typed: Typed) -> Page:
    """Ask for what the limits refuse."""
    browser.get(group_path(sandbox, group, "scale"))
    return browser.submit("Review changes", typed, status=422)


@pytest.mark.parametrize(
    ("group", "typed", "field", "problem"),
    [
        (
            REPORTING,
            {"max_memory_gb": "64", "num_replicas": "8"},
            "max_memory_gb",
            "Total memory would be 512 GB; the limit for this group is 480 GB",
        ),
        (
            AD_HOC,
            {"max_memory_gb": "64", "num_replicas": "3"},
            "max_memory_gb",
            "This costs up to 9.37 USD per hour; the limit for this group is 6.25 USD",
        ),
        (
            AD_HOC,
            {"max_memory_gb": "120"},
            "max_memory_gb",
            "Choose one of the memory sizes offered: 8, 16, 24, 32, 40, 48, 56, 64 GB",
        ),
        (
            PRIMARY,
            {"num_replicas": "1"},
            "num_replicas",
            "The number of replicas must be between 2 and 10",
        ),
        (
            REPORTING,
            {"num_replicas": "11"},
            "num_replicas",
            "The number of replicas must be between 1 and 10",
        ),
        (
            REPORTING,
            {"idle_timeout_minutes": "1441"},
            "idle_timeout_minutes",
            "The idle timeout must be between 5 and 1440 minutes",
        ),
        (
            ARCHIVE,
            {"idle_scaling": "off"},
            "idle_scaling",
            "Idling cannot be turned off for this group",
        ),
        (
            MONTH_END,
            {"num_replicas": "3"},
            "reason",
            "Enter a reason, so that others can see why",
        ),
    ],
)
def test_each_limit_is_said_beside_its_field_whatever_the_form_shows(
    alice: Browser,
    sandbox: RunningSandbox,
    portal: PortalProcess,
    group: str,
    typed: Typed,
    field: str,
    problem: str,
) -> None:
    # ASVS 2.2.1, 2.2.2
    page = ask(alice, sandbox, group, typed)
    assert page.problem(field) == problem
    assert len(page.summary) == 1
    assert {name: page.value(name) for name in typed if name != "idle_scaling"} == {
        name: value for name, value in typed.items() if name != "idle_scaling"
    }
    assert portal.execute("SELECT count(*) FROM changes") == [(0,)]
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("group", "hints"),
    [
        (REPORTING, ["At most 480 GB total.", "1 to 10.", "5 to 1440 minutes"]),
        (AD_HOC, ["At most $6.25 per hour."]),
        (PRIMARY, ["2 to 10."]),
        (ARCHIVE, ["Idling cannot be turned off for this group."]),
    ],
)
def test_the_hints_name_the_limits(
    alice: Browser, sandbox: RunningSandbox, group: str, hints: list[str]
) -> None:
    page = alice.get(group_path(sandbox, group, "scale"))
    for hint in hints:
        assert hint in page.text("main form")


def test_the_fields_list_only_what_the_limits_admit(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    page = alice.get(group_path(sandbox, AD_HOC, "scale"))
    for field in ("min_memory_gb", "max_memory_gb"):
        assert [tag["value"] for tag in page.soup.select(f"#{field} option")] == AD_HOC_SIZES
    page = alice.get(group_path(sandbox, ARCHIVE, "scale"))
    assert [tag["value"] for tag in page.soup.select('[name="idle_scaling"]')] == ["on"]
    page = alice.get(group_path(sandbox, MONTH_END, "scale"))
    assert "Optional." not in page.text("#reason-hint")


OUTSIDE = [
    # group, what it has beyond its limits, then what may be asked for and what not
    (
        REPORTING,
        {"numReplicas": 12},
        [{"max_memory_gb": "32"}, {"num_replicas": "11"}],
        ({"num_replicas": "13"}, "The number of replicas must be between 1 and 12"),
    ),
    (
        REPORTING,
        {"maxReplicaMemoryGb": 120, "numReplicas": 5},
        [{"idle_timeout_minutes": "20"}, {"max_memory_gb": "64", "num_replicas": "8"}],
        (
            {"num_replicas": "6"},
            "Total memory would be 720 GB; the limit for this group is 600 GB",
        ),
    ),
    (
        REPORTING,
        {"idleTimeoutMinutes": 2000},
        [{"num_replicas": "2"}, {"idle_timeout_minutes": "1900"}],
        (
            {"idle_timeout_minutes": "2001"},
            "The idle timeout must be between 5 and 2000 minutes",
        ),
    ),
    (
        AD_HOC,
        {"maxReplicaMemoryGb": 64, "numReplicas": 4},
        [{"min_memory_gb": "16"}, {"num_replicas": "3"}],
        (
            {"num_replicas": "5"},
            "This costs up to 15.61 USD per hour; the limit for this group is 6.25 USD",
        ),
    ),
    (
        AD_HOC,
        {"maxReplicaMemoryGb": 120},
        [{"idle_timeout_minutes": "20"}, {"max_memory_gb": "64"}],
        (
            {"max_memory_gb": "236"},
            "Choose one of the memory sizes offered: 8, 16, 24, 32, 40, 48, 56, 64, 120 GB",
        ),
    ),
    (
        ARCHIVE,
        {"idleScaling": False},
        [{"max_memory_gb": "16"}, {"idle_scaling": "on"}],
        ({"max_memory_gb": "20"}, "Choose one of the memory sizes offered: 8, 12, 16, 32, 64, 120"),
    ),
]


@pytest.mark.parametrize(("group", "now", "admitted", "refused"), OUTSIDE, ids=range(len(OUTSIDE)))
def test_what_is_outside_already_may_be_kept_or_moved_inward_but_not_further_out(
    alice: Browser,
    sandbox: RunningSandbox,
    group: str,
    now: dict[str, object],
    admitted: list[dict[str, str]],
    refused: tuple[Typed, str],
) -> None:
    sandbox.force(group, **now)
    typed, problem = refused
    assert problem in ask(alice, sandbox, group, typed).text(".field-problem")
    for values in admitted:
        draft(alice, sandbox, group, **values)
    assert sandbox.writes() == []


# ASVS 2.3.2
def test_all_groups_of_a_warehouse_together_stay_within_its_replicas(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    draft(alice, sandbox, num_replicas="7")
    # 10 + 1 + 1 + 2 replicas are taken by the others now, and 20 is the most.
    sandbox.force(PRIMARY, numReplicas=10)
    problem = "The groups of this warehouse may have 20 replicas in total; 14 are in use"
    assert alice.submit(f"Scale {REPORTING}", status=422).summary == [problem]
    page = ask(alice, sandbox, REPORTING, {"num_replicas": "7", "max_memory_gb": "32"})
    assert page.problem("num_replicas") == problem
    assert page.value("max_memory_gb") == "32"
    assert sandbox.writes() == []
    draft(alice, sandbox, num_replicas="6")
    alice.submit(f"Scale {REPORTING}", to=TO_CHANGE)
    assert sandbox.patches() == [{"numReplicas": 6}]


def test_all_rules_that_can_be_judged_are_told_in_one_round(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    sandbox.force(PRIMARY, numReplicas=10)
    typed = {"max_memory_gb": "120", "num_replicas": "9", "idle_timeout_minutes": "never"}
    page = ask(alice, sandbox, REPORTING, typed)
    assert page.summary == [
        f"Maximum memory per replica: total memory would be 1080 GB; {LIMIT}",
        "Replicas: the groups of this warehouse may have 20 replicas in total; 14 are in use",
        "Idle timeout: enter a whole number, such as 4",
    ]
