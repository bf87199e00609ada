"""Presets: the form filled at one press, and held to the same rules as what is typed."""

from collections.abc import Mapping
from urllib.parse import parse_qs

import pytest

from app.web.formatting.sizes import TIMES
from tests.conftest import SignIn
from tests.pages.people import REPORTING, TO_REVIEW, confirm, group_path
from tests.support.browser import Page
from tests.support.page_checks import words
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

MONTH_END = {
    "min_memory_gb": "16",
    "max_memory_gb": "64",
    "num_replicas": "4",
    "idle_scaling": "on",
    "idle_timeout_minutes": "60",
}


def shown(page: Page, fields: Mapping[str, str]) -> dict[str, str]:
    """What the form's fields hold."""
    return {name: page.value(name) for name in fields}


def test_the_form_shows_the_presets_of_its_group_with_what_they_come_to(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    page = alice.get(group_path(sandbox, part="scale"))
    month_end = "4 x 16 to 64 GB, 64 to 256 GB total, $3.12 to $12.49 per hour"
    assert [words(tag).replace(TIMES, "x") for tag in page.soup.select(".presets li")] == [
        "Quiet1 x 8 GB, 8 GB total, $0.39 per hour, idles after 5 minutes",
        "Normal1 x 8 to 16 GB, 8 to 16 GB total, $0.39 to $0.78 per hour, as it is now",
        f"Month end{month_end}, idles after 60 minutes",
    ]
    assert page.text(".presets [aria-current] strong") == "Normal"
    assert not alice.get(group_path(sandbox, "Analytics archive", "scale")).soup.select(".presets")


def test_a_preset_fills_the_form_and_goes_the_way_of_what_is_typed(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    page = alice.get(group_path(sandbox, part="scale"))
    (link,) = [tag for tag in page.soup.select(".presets a") if "Month end" in words(tag)]
    page = alice.get(str(link["href"]))
    assert "The form is filled with “Month end”." in page.text('[role="status"]')
    assert shown(page, MONTH_END) == MONTH_END
    # In place, where scripts run, it fills in the very same.
    assert {name: texts[0] for name, texts in parse_qs(str(link["data-fill"])).items()} == MONTH_END
    assert sandbox.writes() == []
    alice.submit("Review changes", to=TO_REVIEW)
    confirm(alice)
    assert sandbox.patches() == [
        {
            "minReplicaMemoryGb": 16,
            "maxReplicaMemoryGb": 64,
            "numReplicas": 4,
            "idleTimeoutMinutes": 60,
        }
    ]


def test_a_filled_form_breaks_rules_like_a_typed_one(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale?preset=quiet"))
    page = alice.submit("Review changes", {"num_replicas": "11"}, status=422)
    assert page.problem("num_replicas") == "The number of replicas must be between 1 and 10"
    assert page.value("idle_timeout_minutes") == "5"


@pytest.mark.parametrize("name", ["Nothing", "<b>", "%00", "Quiet%20%20", "x" * 200])
def test_an_unknown_preset_leaves_the_form_as_it_is_and_says_so(
    sign_in: SignIn, sandbox: RunningSandbox, name: str
) -> None:
    page = sign_in("alice").get(group_path(sandbox, part=f"scale?preset={name}"))
    assert "There is no preset of that name here." in page.main
    assert page.value("max_memory_gb") == "16"


def test_a_preset_that_a_group_in_its_mode_cannot_have_is_not_offered(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    sandbox.force(REPORTING, autoscalingMode="horizontal", minReplicas=2, maxReplicas=4)
    sandbox.force(REPORTING, minReplicaMemoryGb=16, maxReplicaMemoryGb=16)
    page = sign_in("alice").get(group_path(sandbox, part="scale"))
    assert [words(tag) for tag in page.soup.select(".presets strong")] == ["Quiet"]


def test_the_memory_sizes_say_what_they_make_in_all(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    page = sign_in("alice").get(group_path(sandbox, part="scale?preset=Month+end"))
    chosen = page.soup.select_one("#max_memory_gb option[selected]")
    assert chosen is not None
    assert words(chosen) == "64 GB per replica · 256 GB total"
    page = sign_in("dana").get(group_path(sandbox, "Marketing campaigns", "scale"))
    chosen = page.soup.select_one("#memory_gb option[selected]")
    assert chosen is not None
    assert words(chosen) == "32 GB per replica · 64 to 192 GB total"
