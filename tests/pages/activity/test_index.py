"""What happened to all groups that somebody may see."""

from tests.conftest import SignIn
from tests.pages.people import REPORTING, confirm, draft, group_path, reference_of
from tests.support.sandbox import RunningSandbox


def test_a_change_stands_with_its_group_author_values_and_reason_and_leads_to_its_page(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox, max_memory_gb="64", reason="Month end <b>")
    reference = reference_of(confirm(alice))
    page = alice.get("/activity?action=scale")
    row = page.text(f'tr:has(a[href="/changes/{reference}"])')
    for words in (REPORTING, "alice", "8 to 64", "Reason: Month end <b>"):
        assert words in row
    assert alice.get(f"/changes/{reference}").status == 200
    assert reference not in sign_in("bob").get("/activity").response.text
    assert reference not in sign_in("dana").get("/activity").response.text


def test_a_refused_request_stands_with_the_rule(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, part="scale"))
    alice.submit("Review changes", {"num_replicas": "19"}, status=422)
    page = alice.get("/activity?outcome=refused")
    assert "Rejected by a rule of this portal" in page.text("tbody tr")
    assert "Rule: Replicas out of range" in page.text("tbody tr")


def test_the_filters_stand_in_the_address_and_in_the_form(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    group = sandbox.service_id("Analytics archive")
    page = sign_in("alice").get(f"/activity?group={group}&user=nobody&outcome=done&days=7")
    assert page.value("group") == group
    assert (page.value("user"), page.value("outcome"), page.value("days")) == (
        "nobody",
        "done",
        "7",
    )
    assert page.text(".notice-message") == "Nothing matches."
    assert page.link("Clear filters") == "/activity"


def test_odd_values_are_ignored(sign_in: SignIn) -> None:
    page = sign_in("alice").get(
        "/activity?group=x&days=abc&before=%00&outcome='--&action=__class__"
    )
    assert page.h1 == "Activity"
    assert page.value("days") == "30"


def test_dates_narrow_the_list_and_what_is_none_is_said_beside_its_field(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox, max_memory_gb="64", reason="Dated")
    confirm(alice)
    assert "Dated" in alice.get("/activity?from=2026-01-01").main
    page = alice.get("/activity?from=2026-01-01&to=2026-01-31")
    assert page.text(".notice-message") == "Nothing matches."
    assert (page.value("from"), page.value("to")) == ("2026-01-01", "2026-01-31")
    page = alice.get("/activity?from=31.1.2026", status=422)
    assert page.value("from") == "31.1.2026"
    assert "Enter a date such as 2026-11-22" in page.text("#from-problem")
