"""The page of a group's audit_log: for holders of `audit`, narrowed, in pages, and as a file."""

import csv
import io
import json

import pytest

from tests.conftest import SignIn
from tests.pages.people import REPORTING, confirm, draft, group_path
from tests.support.audit_log import AuditLogReader
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

COPIES = """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    INSERT INTO events SELECT 100 + i, hex(randomblob(32)), hex(randomblob(32)), text, time, kind,
    result, warehouse, user, service_id, reference FROM events, n WHERE seq = 3"""
"""Sixty more events like the third one; nobody proves the chain afterwards."""

HEADLINES = [
    "Change: scale, outcome, applied",
    "Change: scale, confirmed, about to be sent",
    "Change drafted: scale",
]


@pytest.fixture
def alice(sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess) -> Browser:
    """Alice, who has just changed a group, of which nothing else is told."""
    portal.stop()  # a process that has met the events would miss them
    portal.forget_events()
    portal.start()
    browser = sign_in("alice")
    draft(browser, sandbox, max_memory_gb="64", reason="=1+1")
    confirm(browser)
    return browser


def headlines(page: Page) -> list[str]:
    """What the list says of each event."""
    return [str(next(tag.stripped_strings)) for tag in page.soup.select("tbody th")]


def test_the_group_page_leads_to_its_audit_log(alice: Browser, sandbox: RunningSandbox) -> None:
    page = alice.get(alice.get(group_path(sandbox)).link("Audit log of this group"))
    assert page.h1 == f"Audit log of {REPORTING}"
    assert headlines(page) == HEADLINES
    assert "Maximum memory per replica in GB: 16 → 64" in page.main
    assert "alice from 198.18." in page.main
    assert "=1+1" in page.text("main details")


# ASVS 8.2.1
def test_whoever_may_only_read_has_no_audit_log(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    bob = sign_in("bob")
    assert not bob.get(group_path(sandbox)).has("Audit log of this group")
    for part in ("audit", "audit.csv", "audit.jsonl"):
        bob.get(group_path(sandbox, part=part), 403)


def test_other_groups_and_the_whole_are_not_in_it(alice: Browser, sandbox: RunningSandbox) -> None:
    other = alice.get(group_path(sandbox, "Analytics ad hoc", "audit"))
    assert "No activity yet." in other.main
    assert alice.fetch("GET", "/admin/audit").headers["Location"] == "/admin/sign-in"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=sensitive_update", 2),
        ("kind=sensitive_update&result=defer", 1),
        ("user=alice", 3),
        ("user=ali", 0),
        ("from=2020-01-01&to=2099-12-31", 3),
        ("from=2099-12-31", 0),
        ("to=2020-01-01", 0),
        ("kind=nonsense&result=nonsense&before=nonsense&other=1", 3),
        ("before=3", 1),
        ("before=99999999999999999999", 3),
    ],
)
def test_the_list_is_narrowed_by_its_address(
    alice: Browser, sandbox: RunningSandbox, query: str, count: int
) -> None:
    page = alice.get(f"{group_path(sandbox, part='audit')}?{query}")
    assert len(headlines(page)) == count


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "9999-12-31", "٢٠٢٦-01-01"])
def test_what_is_no_day_is_said_beside_the_field(
    alice: Browser, sandbox: RunningSandbox, day: str
) -> None:
    path = f"{group_path(sandbox, part='audit')}?to={day}&user=alice"
    page = alice.get(path, 422)
    assert page.problem("to") == "Enter a date such as 2026-11-22"
    assert page.summary == ["To date: Enter a date such as 2026-11-22"]
    assert page.value("to") == day
    assert page.value("user") == "alice"


def test_long_trails_come_in_pages_that_keep_what_was_looked_for(
    alice: Browser, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    portal.execute(COPIES)
    path = f"{group_path(sandbox, part='audit')}?kind=sensitive_update"
    first = alice.get(path)
    assert len(headlines(first)) == 50
    second = alice.get(first.link("Older events"))
    assert len(headlines(second)) == 62 - 50
    assert second.value("kind") == "sensitive_update"
    assert not second.has("Older events")
    assert headlines(alice.get(second.link("Latest events"))) == headlines(first)


# ASVS 1.2.10
def test_a_copy_as_a_table_has_no_formulas(alice: Browser, sandbox: RunningSandbox) -> None:
    response = alice.fetch("GET", group_path(sandbox, part="audit.csv?kind=sensitive_create"))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="audit-log.csv"'
    (row,) = csv.DictReader(io.StringIO(response.text))
    assert (row["user"], row["reason"]) == ("alice", "'=1+1")


def test_a_copy_as_lines_can_be_proven_and_is_an_event_itself(
    alice: Browser, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    response = alice.fetch("GET", group_path(sandbox, part="audit.jsonl"))
    lines = [json.loads(text) for text in response.text.splitlines()]
    assert [line["seq"] for line in lines] == [2, 3, 4, 5]
    assert lines[1]["prev_hash"] == lines[0]["hash"]
    assert audit_log.told == [("sensitive_read", "export", "")]
    assert audit_log.only["object"]["group"] == REPORTING


def test_a_day_before_all_days_is_no_day(alice: Browser, sandbox: RunningSandbox) -> None:
    page = alice.get(f"{group_path(sandbox, part='audit')}?from=0001-01-01", 422)
    assert page.problem("from") == "Enter a date such as 2026-11-22"


def test_no_copy_is_made_of_more_than_was_asked_for(
    alice: Browser, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    path = group_path(sandbox, part="audit.csv?from=22.11.2026")
    assert alice.fetch("GET", path).status_code == 422
    assert audit_log.told == []


def test_no_other_site_has_a_copy_taken(
    alice: Browser, sandbox: RunningSandbox, audit_log: AuditLogReader
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    path = group_path(sandbox, part="audit.csv")
    assert alice.fetch("GET", path, headers=headers).status_code == 403
    assert [kind for kind, _, _ in audit_log.told] == ["malicious_csrf"]


def test_a_audit_log_that_was_tampered_with_says_so(
    alice: Browser, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    portal.execute("UPDATE events SET text = 'no event' WHERE seq = 2")
    page = alice.get(group_path(sandbox, part="audit"), 503)
    assert "holds something that this portal did not write" in page.main
    assert "audit verify" in page.main
    copy = alice.fetch("GET", group_path(sandbox, part="audit.jsonl"))
    assert [json.loads(text)["seq"] for text in copy.text.splitlines()] == [3, 4, 5]
