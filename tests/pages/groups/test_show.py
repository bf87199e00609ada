"""One group: what it is, what it does, and what the person may do with it."""

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, confirm, draft, group_path
from tests.support.sandbox import RunningSandbox


def test_a_group_is_described(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = sign_in("alice").get(group_path(sandbox, "Analytics archive"))
    assert page.h1 == "Analytics archive"
    summary = page.text("dl.summary-list")
    for fact in (
        "Secondary, read-only",
        "AWS eu-central-1",
        "26.9.2.1187",
        sandbox.service_id("Analytics archive"),
        "127.0.0.1:9440",
        "198.51.100.0/24 Office",
    ):
        assert fact in summary
    assert "Accepting queries." in page.main


def test_configured_and_in_effect_stand_side_by_side_with_the_reason(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("dana").get(group_path(sandbox, CAMPAIGNS))
    assert page.text("table.comparison thead") == "Setting In effectConfigured"
    assert "Memory per replica 64 GB 32 GB (changed)" in page.text("table.comparison")
    assert "The schedule entry “Campaign days” is active." in page.main


def test_alice_is_led_to_the_form_and_bob_is_told_why_disabled(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    path = group_path(sandbox)
    assert sign_in("alice").get(path).link("Scale this group") == f"{path}/scale"
    page = sign_in("bob").get(path)
    assert not page.has("Scale this group")
    assert "/scale" not in page.response.text
    assert "you need the permissions “scale”, “wake” and “start/stop”, which whoever" in page.main


def test_the_last_changes_made_here_are_listed(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    made = confirm(alice).h1.split()[1]
    page = alice.get(group_path(sandbox))
    listed = page.text("section.history tbody")
    assert listed.startswith("today")
    assert f"Scale: 8 to 16 GB → 8 to 64 GB alice {made} Accepted" in listed
    assert page.link(made) == f"/changes/{made}"


@pytest.mark.parametrize(
    ("state", "label", "may_scale"),
    [
        ("stopped", "Stopped", True),
        ("idle", "Idle", True),
        ("awaking", "Waking up", True),
        ("degraded", "Degraded", True),
        ("provisioning", "Being created", False),
        ("failed", "Failed", False),
        ("a_state_of_next_year", "Not known (“a_state_of_next_year”)", False),
    ],
)
def test_every_state_is_put_in_words(
    sign_in: SignIn, sandbox: RunningSandbox, state: str, label: str, may_scale: bool
) -> None:
    sandbox.force(REPORTING, state=state)
    page = sign_in("alice").get(group_path(sandbox))
    assert page.text(".headline-state") == label
    assert page.has("Scale this group") == may_scale


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"profile": "v1-highmem-xl"}, "custom hardware profile"),
        ({"byocId": "0f000000-0000-4000-8000-000000000001"}, "your company's own cloud account"),
    ],
)
def test_a_group_that_cannot_be_scaled_says_why(
    sign_in: SignIn, sandbox: RunningSandbox, fields: dict[str, str], why: str
) -> None:
    sandbox.force(REPORTING, **fields)
    browser = sign_in("alice")
    page = browser.get(group_path(sandbox))
    assert why in page.main
    assert not page.has("Scale this group")
    assert why in browser.get(group_path(sandbox, part="scale"), 409).main


def test_what_cloud_says_is_shown_as_text(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    # ASVS 1.2.1
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    browser = sign_in("dana")  # at the endpoint that the portal forgets now
    sandbox.force(
        CAMPAIGNS,
        region=evil,
        clickhouseVersion=evil,
        ipAccessList=[{"source": evil, "description": evil}],
        endpoints=[{"protocol": evil, "host": evil, "port": 1}],
    )
    page = browser.get(group_path(sandbox, CAMPAIGNS))
    assert "<script>alert" not in page.response.text
    assert "<img" not in page.response.text


def test_the_fragment_has_the_state_and_no_frame(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    page = sign_in("bob").get(group_path(sandbox, part="live"))
    assert page.text(".headline-state") == "Running"
