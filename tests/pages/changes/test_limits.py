"""The owners' limits on the page: named in hints, offered by fields, held by the server."""

from collections.abc import Iterator, Mapping

import pytest

from tests.conftest import SignIn
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox

PRIMARY = "Analytics primary"
AD_HOC = "Analytics ad hoc"
ARCHIVE = "Analytics archive"
MONTH_END = "Analytics month end"
AD_HOC_SIZES = ["8", "16", "24", "32", "40", "48", "56", "64"]

Typed = Mapping[str, str]


@pytest.fixture
def alice(sign_in: SignIn) -> Browser:
    """Alice, who owns every group of Analytics."""
    return sign_in("alice")


@pytest.fixture
def rules(portal: PortalProcess) -> Iterator[PortalProcess]:
    """The portal that all share; its rules are put back afterwards."""
    yield portal
    portal.configure(dict)


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
        (REPORTING, ["at most 480 GB total.", "1 to 10.", "5 to 1440 minutes"]),
        (AD_HOC, ["at most $6.25 per hour."]),
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
def test_too_many_changes_in_an_hour_are_refused_above_the_form(
    alice: Browser, sandbox: RunningSandbox, rules: PortalProcess
) -> None:
    def once_an_hour(config: Config) -> None:
        config["warehouses"][0]["groups"][1]["limits"] = {"max_changes_per_hour": 1}

    rules.configure(once_an_hour)
    draft(alice, sandbox, num_replicas="2")
    confirm(alice)
    page = ask(alice, sandbox, REPORTING, {"idle_timeout_minutes": "20"})
    assert page.summary == ["The limit of changes per hour for this group is 1; try again later"]
    assert page.value("idle_timeout_minutes") == "20"
    rules.age("changes", "sent_at", 3601)
    alice.submit("Review changes", {"idle_timeout_minutes": "20"}, to=TO_REVIEW)
    assert len(sandbox.patches()) == 1


def test_after_a_change_of_size_the_group_rests(
    alice: Browser, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    typed = {"num_replicas": "3", "reason": "the books"}
    draft(alice, sandbox, MONTH_END, **typed)
    change = confirm(alice, MONTH_END)
    # What is refused now is offered on no page, and the pages say until when.
    assert "It cannot be undone now: Cooldown after a memory change" in alice.get(change.path).main
    page = alice.get(group_path(sandbox, MONTH_END))
    assert "Scale: Cooldown after a memory change; try again in 10 min." in page.main
    assert not page.has("Scale this group")
    assert not page.has("Undo the last change …")
    again = {"num_replicas": "4", "reason": "more books"}
    page = ask(alice, sandbox, MONTH_END, again)
    assert page.summary == ["Cooldown after a memory change; try again in 10 min"]
    assert page.soup.select(".field.has-problem") == []
    draft(alice, sandbox, MONTH_END, idle_timeout_minutes="20", reason="its size stays")
    portal.age("changes", "sent_at", 601)
    draft(alice, sandbox, MONTH_END, **again)
    assert sandbox.patches() == [{"numReplicas": 3}]


def test_a_draft_from_before_the_cooldown_is_refused_when_it_is_confirmed(
    alice: Browser, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    other = sign_in("alice")
    draft(alice, sandbox, MONTH_END, num_replicas="3", reason="the books")
    confirm(alice, MONTH_END)
    sandbox.force(MONTH_END, numReplicas=2)
    page = ask(other, sandbox, MONTH_END, {"num_replicas": "4", "reason": "more books"})
    assert "Cooldown after a memory change" in page.summary[0]
    assert len(sandbox.patches()) == 1


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
