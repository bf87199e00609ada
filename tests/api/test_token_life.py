"""When a personal token ends with the right of its owner: with the very next request.

The promise is 60 seconds. Nothing is kept between two requests, so that no time has to pass here
for a right to be gone; the time for which roles count is put behind them in the records.
"""

from collections.abc import Callable

import pytest

from tests.api.paths import LARGER, REPORTING, group_path
from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, Config, PortalProcess
from tests.support.tokens import TokenClient, make_token

GROUPS = "/api/v1/groups"
WEEK, MINUTE = 7 * 24 * 3600, 60
WITHOUT_RIGHTS = "token_without_rights"

Make = Callable[..., TokenClient]


@pytest.fixture
def own(start_portal: StartPortal) -> PortalProcess:
    """A portal of the test's own, whose rules change."""
    return start_portal(entry=NO_BUDGET, PORTAL_WORKER="apart")


@pytest.fixture
def make(own: PortalProcess) -> Make:
    """A program with a token of somebody's for one group: `make("alice", "scale")`."""

    def build(person: str, *permissions: str) -> TokenClient:
        browser = Browser(own.url)
        browser.sign_in(own.sandbox.person(person))
        service = own.sandbox.service_id(REPORTING)
        return TokenClient(own, make_token(browser, person, [service], permissions or ("view",)))

    return build


def rules(*found: dict[str, list[str]]) -> Callable[[Config], None]:
    """The file with these rules for Analytics."""

    def adapt(config: Config) -> None:
        config["warehouses"][0]["access"] = list(found)

    return adapt


def test_it_ends_with_the_next_request_after_the_rule_is_taken_out(
    own: PortalProcess, make: Make
) -> None:
    program = make("alice")
    program.get(GROUPS)
    own.configure(rules({"users": ["bob"], "permissions": ["view"]}))
    assert program.get(GROUPS, 401).code == WITHOUT_RIGHTS
    own.configure(rules({"users": ["alice"], "permissions": ["view"]}))
    program.get(GROUPS)


def test_a_permission_ends_with_the_next_request_and_the_others_stay(
    own: PortalProcess, make: Make
) -> None:
    program, path = make("alice", "scale"), group_path(own.sandbox, part="changes")
    program.post(path, LARGER | {"dry_run": True}, 200)
    own.configure(rules({"users": ["alice"], "permissions": ["view", "wake"]}))
    assert program.post(path, LARGER, 403).code == "not_allowed"
    assert program.get(group_path(own.sandbox)).body["permissions"] == ["view"]
    assert own.sandbox.writes() == []


def test_a_denial_ends_it_as_well(own: PortalProcess, make: Make) -> None:
    program = make("alice")
    give = {"users": ["alice"], "permissions": ["owner"]}
    own.configure(rules(give, {"users": ["alice"], "deny": ["view"]}))
    assert program.get(GROUPS, 401).code == WITHOUT_RIGHTS


@pytest.mark.parametrize(("seconds", "status"), [(WEEK - MINUTE, 200), (WEEK, 401)])
def test_who_has_not_signed_in_for_a_week_has_no_token_by_a_role(
    own: PortalProcess, make: Make, seconds: int, status: int
) -> None:
    """Somebody who has left signs in no more, and no rule names them."""
    program = make("bob")
    own.age("tokens", "proven_at", seconds)
    own.age("tokens", "created_at", seconds)
    answer = program.get(GROUPS, status)
    assert status == 200 or answer.code == WITHOUT_RIGHTS


def test_whom_the_file_names_needs_no_sign_in(own: PortalProcess, make: Make) -> None:
    program = make("alice", "scale")
    own.age("tokens", "proven_at", 2 * WEEK)
    own.age("tokens", "created_at", 2 * WEEK)
    program.get(GROUPS)
    own.configure(rules({"clickhouse_roles": ["analytics_operator"], "permissions": ["owner"]}))
    assert program.get(GROUPS, 401).code == WITHOUT_RIGHTS


def test_a_token_is_not_revived_by_the_portal_s_restart(own: PortalProcess, make: Make) -> None:
    program = make("bob")
    own.age("tokens", "proven_at", WEEK)
    own.age("tokens", "created_at", WEEK)
    own.restart()
    assert program.get(GROUPS, 401).code == WITHOUT_RIGHTS
    Browser(own.url).sign_in(own.sandbox.person("bob"))
    program.get(GROUPS)
