"""What the access matrix asks of every channel: its rules put in force, and its cells compared."""

from collections.abc import Iterator

import requests

from tests.access_matrix import (
    ALONE,
    FURTHER_RULES,
    GROUPS,
    SCHEDULED,
    TOKENS,
    Row,
    read_people,
    read_table,
    read_ways,
)
from tests.access_portal import AUTHOR, STATES
from tests.api.access_caller import ApiChannel
from tests.pages.access_caller import PageChannel
from tests.support.portal import Config
from tests.support.sandbox import Person, RunningSandbox

Channel = PageChannel | ApiChannel

ADMIN = Person("admin", "an administrator's own phrase", "")

TAKEN_OVER = 'value="32" selected'
"""What a form would show that takes its values from a draft of somebody else."""

BOOSTED = {("boost", "done"), ("boost-dry-run", "shown")}
"""What cannot be while an entry of Cloud's own schedule is active."""

OTHERS = {"analytics": ("Marketing", "europe-west4"), "marketing": ("Analytics", "eu-central-1")}
"""Name and region of the warehouse that is not a person's own."""


def rules_of(row: Row, config: Config) -> None:
    """Write the rules of a row into the file of groups."""
    if row.rules == "further":
        further_rules(config)


def everybody(config: Config, permission: str = "view") -> None:
    """Let every person of the matrix look, or do more, everywhere."""
    people = {row.person for row in (*read_people(), *read_ways())}
    for warehouse in config["warehouses"]:
        warehouse["access"] = [{"users": sorted(people), "permissions": [permission]}]


def further_rules(config: Config) -> None:
    """Add what `further` adds."""
    short = {name: key for key, name in GROUPS.items()}
    for warehouse in config["warehouses"]:
        for place in (warehouse, *warehouse["groups"]):
            rules = FURTHER_RULES.get(place.get("key") or short[place["name"]], [])
            place["access"] = [*place.get("access", []), *rules]


def person_of(row: Row, sandbox: RunningSandbox) -> Person:
    """The ClickHouse user, or the administrator, of a row."""
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
    row, is_program = channel.portal.row, isinstance(channel, ApiChannel)
    is_asked = is_program and group == ALONE and action in STATES and row.way not in TOKENS
    return is_asked and row.levels[group] not in {"admin", "nobody"}


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
    unseen = {"nothing", "foreign", "elsewhere", "nobody"}
    hidden = [name for key, name in GROUPS.items() if row.levels[key] in unseen]
    name, region = OTHERS.get(row.warehouse, ("", ""))
    # Who is signed in to both is told that there are both.
    hidden += [text for text in (region, name if row.way != "both" else "") if text]
    if answer.status_code in {401, 403, 404}:
        hidden.append(AUTHOR)
    return [text for text in (*hidden, TAKEN_OVER) if text in answer.text]
