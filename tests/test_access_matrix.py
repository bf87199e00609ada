"""Every cell of the access matrix, asked of the portal over real HTTP."""

from collections.abc import Callable, Iterator

import pytest
import requests

from tests.access_matrix import (
    ALONE,
    CHANNELS,
    FURTHER_RULES,
    GROUPS,
    PERSONAL,
    SCHEDULED,
    Row,
    read_people,
    read_table,
)
from tests.access_portal import AUTHOR, STATES, AccessPortal
from tests.api.access_caller import ApiChannel
from tests.api.client import ApiClient
from tests.pages.access_caller import PageChannel
from tests.support.browser import Browser
from tests.support.portal import (
    UNTHROTTLED,
    Config,
    PortalProcess,
    portal_fixture,
)
from tests.support.sandbox import Person, RunningSandbox

ADMIN = Person("admin", "an administrator's own phrase", "")

TAKEN_OVER = 'value="32" selected'
"""What a form would show that takes its values from a draft of somebody else."""

PEOPLE = read_people()
SAMPLE = "bob-of-analytics-shipped"
ROWS = [
    pytest.param(row, id=str(row), marks=() if str(row) == SAMPLE else pytest.mark.matrix)
    for row in PEOPLE
]
"""Each asks hundreds of times, so `make test` takes one row and `make matrix` the others."""
Channel = PageChannel | ApiChannel
OpenPages = Callable[[Row], PageChannel]

BOOSTED = {("boost", "done"), ("boost-dry-run", "shown")}
"""What cannot be while an entry of Cloud's own schedule is active."""


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
            matrix_portal.configure(everybody_reads)
            browser.sign_in(person_of(row, sandbox))
        put_in_force(matrix_portal, row)
        return PageChannel(
            AccessPortal(matrix_portal, sandbox, row), browser, browser.page.csrf_token
        )

    return enter


def open_api(portal: PortalProcess, sandbox: RunningSandbox, row: Row) -> ApiChannel:
    """Put the rules of a row in force for a program of its person."""
    put_in_force(portal, row)
    person = None if row.person == "nobody" else person_of(row, sandbox)
    return ApiChannel(AccessPortal(portal, sandbox, row), ApiClient(portal.url, person))


def put_in_force(portal: PortalProcess, row: Row) -> None:
    portal.configure(further_rules if row.rules == "further" else dict)


def everybody_reads(config: Config) -> None:
    people = {row.person for row in PEOPLE}
    for warehouse in config["warehouses"]:
        warehouse["access"] = [{"users": sorted(people), "permissions": ["view"]}]


def further_rules(config: Config) -> None:
    short = {name: key for key, name in GROUPS.items()}
    for warehouse in config["warehouses"]:
        for place in (warehouse, *warehouse["groups"]):
            rules = FURTHER_RULES.get(place.get("key") or short[place["name"]], [])
            place["access"] = [*place.get("access", []), *rules]


def person_of(row: Row, sandbox: RunningSandbox) -> Person:
    if row.person == ADMIN.name:
        return ADMIN
    for user in sandbox.world["users"]:
        if (user["name"], user["warehouse"].lower()) == (row.person, row.warehouse):
            return Person(row.person, user["password"], row.warehouse)
    raise AssertionError(row)


def faults_of_channel(channel: Channel, table: str) -> Iterator[str]:
    """Every cell of a channel that does not end as written; then what was sent otherwise."""
    row, sandbox, expected = channel.portal.row, channel.portal.sandbox, []
    for line in read_table(table):
        action = line["action"]
        for group, answer in channel.ask(action):
            outcome = outcome_for(channel, action, group, line[row.levels[group]])
            for fault in faults_of(channel, answer, outcome, row):
                yield f"{action} {group}: {fault}"
            is_there = channel.names(action, group) in answer.text
            if outcome in {"listed", "absent"} and is_there is (outcome == "absent"):
                yield f"{action} {group}: not {outcome}"
            if outcome == "done" and action in channel.SENT:
                expected.append((channel.portal.service_id(group), channel.SENT[action]))
    sent = [(item["service_id"], item["body"]) for item in sandbox.writes()]
    if sent != expected:
        yield f"sent {sent}, not {expected}"


def outcome_for(channel: Channel, action: str, group: str, written: str) -> str:
    """What is written for the person's level, but for what no person can do with that group."""
    if is_unchecked(channel, action, group):
        return "no-check"
    return "scheduled" if group == SCHEDULED and (action, written) in BOOSTED else written


def is_unchecked(channel: Channel, action: str, group: str) -> bool:
    """Whether a program asks for the group whose password check nothing else can make."""
    is_asked = isinstance(channel, ApiChannel) and group == ALONE and action in STATES
    return is_asked and channel.portal.row.levels[group] not in {"admin", "nobody"}


def faults_of(channel: Channel, answer: requests.Response, outcome: str, row: Row) -> Iterator[str]:
    """What is wrong with an answer; nothing if it is as the matrix says."""
    targets = channel.TARGETS.get(outcome)
    location = answer.headers.get("Location", "")
    if answer.status_code not in channel.STATUSES[outcome]:
        yield f"{answer.status_code}, not {outcome}"
    if not (location.startswith(targets) if targets else not location):
        yield f"leads to {location!r}, not {outcome}"
    yield from (f"names {name}" for name in leaks(row, answer))


def leaks(row: Row, answer: requests.Response) -> list[str]:
    """What stands in an answer and this person may not know."""
    if row.person == "admin":
        return []
    unseen = {"nothing", "foreign", "nobody"}
    hidden = [name for key, name in GROUPS.items() if row.levels[key] in unseen]
    if row.warehouse == "analytics":
        hidden += ["Marketing", "europe-west4"]
    if row.warehouse == "marketing":
        hidden += ["Analytics", "eu-central-1"]
    if answer.status_code in {401, 403, 404}:
        hidden.append(AUTHOR)
    return [text for text in (*hidden, TAKEN_OVER) if text in answer.text]


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
    levels = {level for row in PEOPLE for level in row.levels.values()}
    for line in read_table(CHANNELS[name]):
        assert line.keys() == {"action", *levels}
        assert set(line.values()) - {line["action"]} <= channel.STATUSES.keys()
