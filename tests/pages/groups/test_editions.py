"""What an open page brings and gets: nothing while nothing is new, otherwise what differs."""

from tests.conftest import SignIn
from tests.pages.editions import EDITION, edition_of
from tests.support.portal import PortalProcess

CHANGED = "X-Changed"


def test_an_unchanged_page_is_told_so_in_an_empty_answer(
    portal: PortalProcess, sign_in: SignIn
) -> None:
    alice = sign_in("alice")
    reporting = f"/groups/{portal.sandbox.service_id('Analytics reporting')}"
    for path in ("/groups", reporting):
        edition = edition_of(alice, path)
        answer = alice.fetch("GET", f"{path}/live", headers={EDITION: edition})
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers[EDITION] == edition
        assert int(answer.headers["X-Age-Seconds"]) >= 0
        assert answer.headers["Cache-Control"] == "no-store"


def test_of_many_groups_only_the_row_that_differs_is_sent(
    portal: PortalProcess, sign_in: SignIn
) -> None:
    alice = sign_in("alice")
    edition = edition_of(alice, "/groups")
    portal.sandbox.force("Analytics reporting", state="stopped")
    portal.execute("UPDATE readings SET tried_at = NULL")
    answer = alice.fetch("GET", "/groups/live", headers={EDITION: edition})
    assert (answer.status_code, answer.headers[CHANGED]) == (200, "rows")
    assert answer.text.count('<tr><th scope="row">') == 1
    assert "Stopped" in answer.text
    whole = alice.fetch("GET", "/groups/live", headers={EDITION: "another"})
    assert CHANGED not in whole.headers
    assert whole.text.count('<tr><th scope="row">') > 1


def test_what_is_looked_for_is_part_of_the_edition(portal: PortalProcess, sign_in: SignIn) -> None:
    alice = sign_in("alice")
    edition = edition_of(alice, "/groups")
    answer = alice.fetch("GET", "/groups/live?q=reporting", headers={EDITION: edition})
    assert answer.status_code == 200
    assert answer.text.count('<tr><th scope="row">') == 1


def test_two_people_share_a_part_only_where_both_see_the_same(
    portal: PortalProcess, sign_in: SignIn
) -> None:
    reporting = f"/groups/{portal.sandbox.service_id('Analytics reporting')}"
    alice, bob = sign_in("alice"), sign_in("bob")
    own = edition_of(alice, reporting)
    answer = bob.fetch("GET", f"{reporting}/live", headers={EDITION: own})
    assert answer.status_code == 200  # his permissions are others, so are his buttons
    for browser, name, other in ((alice, "alice", "bob"), (bob, "bob", "alice")):
        page = browser.get(reporting)
        assert name in page.text(".masthead-person")
        assert other not in page.response.text
        live = browser.fetch("GET", f"{reporting}/live").text
        assert "csrf_token" not in live
        assert name not in live


def test_however_long_a_query_is_another_one_is_another_edition(
    portal: PortalProcess, sign_in: SignIn
) -> None:
    alice = sign_in("alice")
    long = f"/groups/live?a={'x' * 600}&q="
    shown = {
        word: alice.fetch("GET", f"{long}{word}")
        for word in ("Analytics archive", "Analytics primary")
    }
    assert len({answer.headers[EDITION] for answer in shown.values()}) == 2
    for word, answer in shown.items():
        assert word in answer.text


def test_why_nothing_can_be_done_stands_in_the_part_too(
    portal: PortalProcess, sign_in: SignIn
) -> None:
    alice, path = sign_in("alice"), f"/groups/{portal.sandbox.service_id('Analytics reporting')}"
    edition = edition_of(alice, path)
    portal.execute(
        "INSERT INTO freezes (reason, frozen_by, frozen_at)"
        " VALUES ('Month end', 'root', '2026-11-01 00:00:00')"
    )
    portal.execute("UPDATE revisions SET revision = revision + 1")
    try:
        answer = alice.fetch("GET", f"{path}/live", headers={EDITION: edition})
        assert answer.status_code == 200
        assert "Changes are frozen by root. Reason: Month end" in answer.text
    finally:
        portal.execute("DELETE FROM freezes")
        portal.execute("UPDATE revisions SET revision = revision + 1")
