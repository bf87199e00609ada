"""Every cell of the access matrix, asked of the portal over real HTTP."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.access_faults import (
    ADMIN,
    Channel,
    everybody,
    faults_of,
    faults_of_channel,
    person_of,
    rules_of,
)
from tests.access_matrix import CHANNELS, PERSONAL, Row, read_people, read_table, read_ways
from tests.access_portal import AccessPortal
from tests.api.access_caller import ApiChannel
from tests.api.client import ApiClient
from tests.pages.access_caller import PageChannel
from tests.support.browser import Browser
from tests.support.portal import UNTHROTTLED, PortalProcess, portal_fixture
from tests.support.sandbox import RunningSandbox

PEOPLE = read_people()
SAMPLE = "bob-of-analytics-shipped"
ROWS = [
    pytest.param(row, id=str(row), marks=() if str(row) == SAMPLE else pytest.mark.matrix)
    for row in PEOPLE
]
"""Each asks hundreds of times, so `make test` takes one row and `make matrix` the others."""
OpenPages = Callable[[Row], PageChannel]


matrix_portal = portal_fixture(
    "module", (ADMIN.name, ADMIN.password), entry=UNTHROTTLED, PORTAL_TRUSTED_PROXIES="1"
)
"""A portal with an administrator, whose rules change with the row."""


@pytest.fixture
def open_pages(matrix_portal: PortalProcess, sandbox: RunningSandbox) -> OpenPages:
    """Put the rules of a row in force and give its person a session, entitled or not."""

    def enter(row: Row) -> PageChannel:
        browser = Browser(matrix_portal.url)
        if row.person == "admin":
            browser.get("/admin/sign-in")
            given = {"user": ADMIN.name, "password": ADMIN.password}
            browser.submit("Sign in", given, to="/admin")
        elif row.person == "nobody":
            browser.get("/sign-in")
        else:
            # Whoever has no group cannot sign in, so everybody may look until they have.
            matrix_portal.configure(everybody)
            browser.sign_in(person_of(row, sandbox))
        matrix_portal.configure(partial(rules_of, row))
        return PageChannel(
            AccessPortal(matrix_portal, sandbox, row), browser, browser.page.csrf_token
        )

    return enter


def open_api(portal: PortalProcess, sandbox: RunningSandbox, row: Row) -> ApiChannel:
    """Put the rules of a row in force for a program of its person."""
    portal.configure(partial(rules_of, row))
    person = None if row.person == "nobody" else person_of(row, sandbox)
    return ApiChannel(AccessPortal(portal, sandbox, row), ApiClient(portal.url, person))


# ASVS 8.1.2, 8.4.1
@pytest.mark.parametrize("row", ROWS)
def test_every_cell_of_the_pages_ends_as_written(row: Row, open_pages: OpenPages) -> None:
    # ASVS 8.2.1, 8.2.2, 8.3.1
    assert list(faults_of_channel(open_pages(row), CHANNELS["pages"])) == []


@pytest.mark.parametrize("row", ROWS)
def test_every_cell_of_the_api_ends_as_written(
    row: Row, matrix_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    # ASVS 8.2.1, 8.2.2, 8.3.1
    channel = open_api(matrix_portal, sandbox, row)
    assert list(faults_of_channel(channel, CHANNELS["api"])) == []


@pytest.mark.parametrize("row", PEOPLE, ids=str)
def test_what_belongs_to_no_group_ends_as_written(
    row: Row, open_pages: OpenPages, sandbox: RunningSandbox
) -> None:
    # ASVS 8.2.1
    channel = open_pages(row)
    other = channel.open_session_of_author()
    kind = row.person if row.person in {"admin", "nobody"} else "person"
    faults = []
    for line in read_table(PERSONAL):
        answer = channel.ask_personal(line["action"], other)
        faults += [f"{line['action']}: {it}" for it in faults_of(channel, answer, line[kind], row)]
    assert faults == []
    is_ended = other not in channel.list_sessions()
    assert is_ended == (row.person == "admin")
    assert sandbox.writes() == []


# ASVS 8.1.1
@pytest.mark.parametrize(("name", "channel"), [("pages", PageChannel), ("api", ApiChannel)])
def test_the_matrix_names_every_action_of_every_level(name: str, channel: type[Channel]) -> None:
    rows = PEOPLE if name == "pages" else [*PEOPLE, *read_ways()]
    levels = {level for row in rows for level in row.levels.values()}
    for line in read_table(CHANNELS[name]):
        assert line.keys() == {"action", *levels}
        assert set(line.values()) - {line["action"]} <= channel.STATUSES.keys()
