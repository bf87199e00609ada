"""Every cell of the access matrix, asked of the portal over real HTTP."""

from collections.abc import Callable, Iterator

import pytest
import requests
from werkzeug.security import generate_password_hash

from tests.access_matrix import (
    DOORS,
    FURTHER_RULES,
    GROUPS,
    PERSONAL,
    Row,
    read_people,
    read_table,
)
from tests.pages.access_door import AUTHOR, PATCH, Door
from tests.support.browser import Browser
from tests.support.portal import ROOMY, Config, PortalProcess
from tests.support.sandbox import Person, RunningSandbox

ADMIN_PASSWORD = "an administrator's own phrase"
OUTCOMES = {
    "shown": (200, None),
    "listed": (200, None),
    "absent": (200, None),
    "done": (303, ("/changes/", "/groups/", "/admin", "/account")),
    "refused": (403, None),
    "hidden": (404, None),
    "ended": (401, None),
    "sign-in": (303, ("/sign-in",)),
    "admin-sign-in": (303, ("/admin/sign-in",)),
}
"""How an act ends -> the status, and where it leads."""

SENT = {"wake": {"command": "awake"}, "start": {"command": "start"}, "own-draft-confirm": PATCH}
"""The only acts here that reach Cloud, and the body that each sends."""

TAKEN_OVER = 'value="32" selected'
"""What a form would show that takes its values from a draft of somebody else."""

PEOPLE = read_people()
OpenDoor = Callable[[Row], Door]


@pytest.fixture(scope="module")
def matrix_portal(
    worker_sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PortalProcess]:
    """A portal with an administrator, whose rules change with the row."""
    portal = PortalProcess(
        tmp_path_factory.mktemp("portal-matrix"),
        worker_sandbox,
        entry=ROOMY,
        PORTAL_TRUSTED_PROXIES="1",
        PORTAL_ADMIN_USERNAME="admin",
        PORTAL_ADMIN_PASSWORD_HASH=generate_password_hash(ADMIN_PASSWORD),
    )
    try:
        yield portal.start()
    finally:
        portal.kill()


@pytest.fixture
def open_door(matrix_portal: PortalProcess, sandbox: RunningSandbox) -> OpenDoor:
    """Put the rules of a row in force and give its person a session, entitled or not."""

    def enter(row: Row) -> Door:
        browser = Browser(matrix_portal.url)
        if row.person == "admin":
            browser.get("/admin/sign-in")
            browser.submit("Sign in", {"user": "admin", "password": ADMIN_PASSWORD}, to="/admin")
        elif row.person == "nobody":
            browser.get("/sign-in")
        else:
            # Whoever has no group cannot sign in, so everybody may look until they have.
            matrix_portal.configure(everybody_looks)
            browser.sign_in(person_of(row, sandbox))
        matrix_portal.configure(further_rules if row.rules == "further" else dict)
        return Door(matrix_portal, sandbox, browser, row, browser.page.csrf_token)

    return enter


def everybody_looks(config: Config) -> None:
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
    for user in sandbox.world["users"]:
        if (user["name"], user["warehouse"].lower()) == (row.person, row.warehouse):
            return Person(row.person, user["password"], row.warehouse)
    raise AssertionError(row)


def faults_of(
    answer: requests.Response, outcome: str, group: str | None, row: Row
) -> Iterator[str]:
    """What is wrong with an answer; nothing if it is as the matrix says."""
    status, targets = OUTCOMES[outcome]
    location = answer.headers.get("Location", "")
    if answer.status_code != status:
        yield f"{answer.status_code}, not {outcome}"
    if not (location.startswith(targets) if targets else not location):
        yield f"leads to {location!r}, not {outcome}"
    if group and outcome in {"listed", "absent"}:
        is_there = GROUPS[group] in answer.text
        yield from [] if is_there is (outcome == "listed") else [f"not {outcome}"]
    yield from (f"names {name}" for name in leaks(row, answer))


def leaks(row: Row, answer: requests.Response) -> list[str]:
    """What stands in an answer and this person may not know."""
    if row.person == "admin":
        return []
    hidden = [name for key, name in GROUPS.items() if row.levels[key] in {"nothing", "nobody"}]
    if row.warehouse == "analytics":
        hidden += ["Marketing", "europe-west4"]
    if row.warehouse == "marketing":
        hidden += ["Analytics", "eu-central-1"]
    if answer.status_code in {403, 404}:
        hidden.append(AUTHOR)
    return [text for text in (*hidden, TAKEN_OVER) if text in answer.text]


# ASVS 8.1.2, 8.4.1
@pytest.mark.parametrize("row", PEOPLE, ids=str)
def test_every_cell_ends_as_written(row: Row, open_door: OpenDoor, sandbox: RunningSandbox) -> None:
    # ASVS 8.2.1, 8.2.2, 8.3.1
    door = open_door(row)
    faults, expected = [], []
    for line in read_table(DOORS["pages"]):
        act = line["act"]
        for group, answer in door.ask(act):
            outcome = line[row.levels[group]]
            faults += [f"{act} {group}: {it}" for it in faults_of(answer, outcome, group, row)]
            if outcome == "done" and act in SENT:
                expected.append((sandbox.service_id(GROUPS[group]), SENT[act]))
    assert faults == []
    assert [(item["service_id"], item["body"]) for item in sandbox.writes()] == expected


@pytest.mark.parametrize("row", PEOPLE, ids=str)
def test_what_belongs_to_no_group_ends_as_written(
    row: Row, open_door: OpenDoor, sandbox: RunningSandbox
) -> None:
    # ASVS 8.2.1
    door = open_door(row)
    other = door.open_session_of_author()
    kind = row.person if row.person in {"admin", "nobody"} else "person"
    faults = []
    for line in read_table(PERSONAL):
        answer = door.ask_personal(line["act"], other)
        faults += [f"{line['act']}: {it}" for it in faults_of(answer, line[kind], None, row)]
    assert faults == []
    is_ended = other not in door.list_sessions()
    assert is_ended == (row.person == "admin")
    assert sandbox.writes() == []


# ASVS 8.1.1
def test_the_matrix_names_every_act_of_every_level() -> None:
    levels = {level for row in PEOPLE for level in row.levels.values()}
    for line in read_table(DOORS["pages"]):
        assert line.keys() == {"act", *levels}
        assert set(line.values()) - {line["act"]} <= OUTCOMES.keys()
