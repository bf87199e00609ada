"""Tokens on the account page: made with the password, shown once, listed and revoked."""

import pytest

from tests.api.paths import REPORTING
from tests.pages.account.conftest import Enter
from tests.support.audit_log import AuditLogReader
from tests.support.browser import Browser
from tests.support.page_checks import words
from tests.support.portal import PortalProcess
from tests.support.tokens import make_token, secret_on

TYPED = {"name": "nightly import", "password": "alice-sandbox-1", "permission_view": "y"}


@pytest.fixture
def alice(enter: Enter) -> Browser:
    """Alice, at a portal of the test's own."""
    return enter("alice")


@pytest.fixture
def boxes(fresh_portal: PortalProcess) -> dict[str, str]:
    """The group that the tokens are for, ticked."""
    service = fresh_portal.sandbox.service_id(REPORTING)
    return {f"group_{service.replace('-', '_')}": "y"}


def test_a_token_is_shown_once_and_listed_by_name(
    alice: Browser, boxes: dict[str, str], fresh_portal: PortalProcess
) -> None:
    alice.get(alice.get("/account").link("Make a token"))
    page = alice.submit("Make token", TYPED | boxes)
    secret = secret_on(page)
    assert page.response.headers["Cache-Control"] == "no-store"
    listed = words(alice.get("/account").soup.select("section[aria-labelledby=tokens] tbody")[0])
    assert "nightly import" in listed
    assert f"view in {REPORTING}" in listed
    assert "never" in listed
    assert secret not in alice.page.main
    assert secret not in fresh_portal.read_log()


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    alice: Browser, boxes: dict[str, str]
) -> None:
    alice.get("/account/tokens/new")
    page = alice.submit("Make token", boxes | {"days": "91"}, status=422)
    assert page.problem("name") == "Enter a name that tells what the token is for"
    assert page.problem("days") == "Enter a number of days from 1 to 90"
    assert page.problem("permission_view") == "Choose one or more permissions"
    assert page.problem("password") == "Enter your password"
    titles = [text.partition(":")[0] for text in page.summary]
    assert titles == ["Name", "Days until it expires", "Permissions", "Your ClickHouse password"]
    assert page.soup.select(f"#{next(iter(boxes))}[checked]")
    page = alice.submit("Make token", TYPED | {"days": "1"} | {"password": "wrong"}, status=401)
    assert "password is wrong" in page.main
    assert page.value("name") == "nightly import"


def test_the_same_form_again_makes_no_second_one(alice: Browser, boxes: dict[str, str]) -> None:
    alice.get("/account/tokens/new")
    alice.submit("Make token", TYPED | boxes)
    alice.get("/account/tokens/new")
    page = alice.submit("Make token", TYPED | boxes, status=422)
    assert (
        page.problem("name") == "Choose a different name; you have a token called “nightly import”"
    )


def test_only_ones_own_groups_and_permissions_are_offered(enter: Enter) -> None:
    page = enter("bob").get("/account/tokens/new")
    assert not page.soup.select("#permission_scale")
    assert "Marketing campaigns" not in page.main


def test_one_is_revoked(alice: Browser, fresh_portal: PortalProcess) -> None:
    log = AuditLogReader(fresh_portal)
    make_token(alice, "alice", [fresh_portal.sandbox.service_id(REPORTING)])
    alice.get("/account")
    page = alice.submit("Revoke token token 2", to="/account?token_revoked=1#tokens")
    assert "The token was revoked." in page.main
    assert [item["action"] for item in log.lines() if "token" in item["action"]] == [
        "make_token",
        "revoke_token",
    ]


def test_a_foreign_token_looks_like_none(
    alice: Browser, enter: Enter, fresh_portal: PortalProcess
) -> None:
    make_token(alice, "alice", [fresh_portal.sandbox.service_id(REPORTING)])
    ((mark,),) = fresh_portal.execute("SELECT mark FROM tokens")
    bob = enter("bob")
    token = bob.get("/account").csrf_token
    for named in (mark, "0" * 16):
        bob.post(f"/account/tokens/{named}/revoke", {"csrf_token": token}, status=404)
    assert fresh_portal.execute("SELECT revoked_at FROM tokens") == [(None,)]
