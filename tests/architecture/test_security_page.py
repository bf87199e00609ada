"""docs/security.md says what the code does: its figures are compared with the code's."""

from datetime import timedelta

import pytest

from app.cli.hash_password import LEAST_CHARACTERS
from app.clickhouse.login import ClickHouseLogin
from app.cloud import snapshot
from app.cloud.transport import retries as http
from app.cloud.transport import sending
from app.domain import request_budget as budget
from app.domain.access import addresses
from app.domain.changes import change as changes
from app.domain.changes import reauthentication as authentication
from app.domain.changes.scaling_request import LONGEST_REASON
from app.domain.groups import scaling
from app.http import security
from app.server import limits as server_limits
from app.services.admin.key_health import EXPIRY_WARNING
from app.services.audit import refusal_budget
from app.services.sign_in.throttling import concurrency, waits
from app.services.sign_in.verifiers import waking
from app.settings import ENVIRONMENT
from app.settings.environment.credentials import MIN_SECRET_KEY_LENGTH
from app.settings.model import SessionLimits
from app.store.database import postgresql
from app.store.database.sqlite import BUSY_TIMEOUT_MS
from app.store.sign_in import known_addresses
from app.store.sign_in.session_rows import TOKEN_BYTES
from app.store.sign_in.verifications import MOST_REFUSED
from tests.architecture.tree import ROOT
from tests.pages.security.test_headers import LEAST_SCORE

DEFAULTS = {setting.name: setting.default for setting in ENVIRONMENT}


def minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


@pytest.fixture(scope="module")
def text() -> str:
    """The page, on one line."""
    return " ".join((ROOT / "docs/security.md").read_text(encoding="utf-8").split())


# ASVS 6.1.1
def test_the_limits_of_signing_in(text: str) -> None:
    assert f"{waits.FREE_ATTEMPTS} attempts per name and address are free" in text
    assert f"{waits.FREE_ATTEMPTS_OF_NAME} failures of one name from anywhere slow it" in text
    assert f"waits up to {waits.LONGEST_WAIT_OF_NAME_SECONDS} s from when it first asks" in text
    assert f"signed in within {known_addresses.KEPT.days} days" in text
    assert f"{known_addresses.MOST_OF_NAME} addresses are known for a name" in text
    assert f"counts as its /{addresses.BLOCK_BITS}," in text
    assert f"from 1 s to {waits.LONGEST_WAIT_SECONDS // 60} minutes" in text
    window = waits.ADDRESS_WINDOW_MINUTES
    assert f"{waits.ADDRESS_FAILURES} failures in {window} minutes close an address" in text
    assert f"{concurrency.PARALLEL_CHECKS} checks run at once at most" in text
    assert f"waits up to {concurrency.WAIT_FOR_A_PLACE_SECONDS:.0f} s for one" in text
    assert f"{concurrency.MOST_WAITING} of them at a time" in text


def test_how_often_a_stranger_can_have_a_group_woken(text: str) -> None:
    assert f"and {waking.WAKES_PER_HOUR} times an hour in a warehouse at most" in text


# ASVS 7.1.1, 7.1.2
def test_the_limits_of_sessions(text: str) -> None:
    limits = SessionLimits()
    assert f"| idle | {limits.idle_minutes} minutes |" in text
    assert f"| in any case | {limits.absolute_hours} hours |" in text
    assert f"| at once | {limits.most_per_user} |" in text
    assert DEFAULTS["PORTAL_SESSION_IDLE_MINUTES"] == str(limits.idle_minutes)
    assert DEFAULTS["PORTAL_SESSION_HOURS"] == str(limits.absolute_hours)
    assert f"| a draft | {minutes(changes.DRAFT_LIFE)} minutes |" in text
    assert (
        f"| the draft of a big step | {minutes(authentication.REAUTHENTICATION_LIFE)} minutes |"
        in text
    )
    assert f"| the password again | {limits.reauthenticate_minutes} minutes |" in text
    assert DEFAULTS["PORTAL_REAUTHENTICATE_MINUTES"] == str(limits.reauthenticate_minutes)
    assert f"{MOST_REFUSED} refused passwords in a row" in text
    assert f"The cookie holds {TOKEN_BYTES * 8} random bits" in text


# ASVS 11.1.1, 11.1.2, 13.1.4
def test_the_secrets_and_what_they_are_made_of(text: str) -> None:
    for setting in (item for item in ENVIRONMENT if item.is_secret):
        subject = "database" if "DATABASE" in setting.name else setting.name.removesuffix("_HASH")
        words = {"PORTAL_ADMIN_PASSWORD": "administrator's password"}.get(subject, subject)
        assert words in text, setting.name
    assert f"{MIN_SECRET_KEY_LENGTH} characters at least" in text
    assert f"a person, {LEAST_CHARACTERS} characters at least" in text
    assert f"warns {EXPIRY_WARNING.days} days before the end" in text


# ASVS 13.1.1, 13.1.2, 13.1.3, 15.1.3
def test_whom_it_speaks_to_and_how_long(text: str) -> None:
    kept = budget.KEPT_FOR_CHANGES
    requests = f"{budget.REQUESTS_IN_WINDOW} in {budget.WINDOW_SECONDS} s"
    assert f"| {requests}, of which {kept} are kept for changes |" in text
    assert f"{DEFAULTS['PORTAL_THREADS']} threads by default" in text
    assert f"| connecting to Cloud | {sending.CONNECT_SECONDS} s |" in text
    read, write = http.READ, http.WRITE
    tries = f"at most {read.tries} tries {read.total_seconds} s in all"
    assert f"| a reading | {read.read_seconds} s, with {tries}" in text
    deadline = int(changes.ANSWER_DEADLINE.total_seconds())
    assert f"{write.read_seconds} s; without an answer it is read back after {deadline} s" in text
    assert f"| {sending.LARGEST_ANSWER_BYTES // 2**20} MiB at most |" in text
    check = ClickHouseLogin()
    figures = (check._connect_timeout_seconds, check._read_timeout_seconds)
    waking = check._waking_timeout_seconds
    assert f"connecting {figures[0]} s, answer {figures[1]} s, waking {waking} s" in text
    assert f"| database lock | {BUSY_TIMEOUT_MS // 1000} s |" in text
    size_of_pool = postgresql.POOL_SIZE + postgresql.POOL_OVERFLOW
    assert (
        f"connecting {postgresql.CONNECT_SECONDS} s, one of {size_of_pool} connections "
        f"{postgresql.POOL_SECONDS:.0f} s, a lock {postgresql.LOCK_SECONDS:.0f} s, a statement "
        f"{postgresql.STATEMENT_SECONDS:.0f} s, any answer {postgresql.ANSWER_SECONDS:.0f} s, an "
        f"idle transaction {postgresql.IDLE_SECONDS:.0f} s" in text
    )
    size, fields = security.LARGEST_REQUEST_BYTES // 1024, security.MOST_FORM_FIELDS
    assert f"| {size} KiB, {fields} fields |" in text
    assert f"| {server_limits.MOST_CHUNKS} chunks |" in text
    assert f"at most every {snapshot.FRESH_SECONDS:.0f} s however many look" in text


# ASVS 2.1.1, 2.1.2
def test_the_rules_for_values(text: str) -> None:
    least, most, step = (
        scaling.LEAST_MEMORY_GB,
        scaling.MOST_MEMORY_GB,
        scaling.MEMORY_STEP_GB,
    )
    assert f"{least} to {most} GB in steps of {step}" in text
    assert f"at least {scaling.LEAST_IDLE_TIMEOUT_MINUTES} minutes, and only where idling" in text
    assert f"at most {LONGEST_REASON} characters without control marks" in text


def test_how_many_refusals_are_kept(text: str) -> None:
    each, all_ = refusal_budget.PER_SOURCE, refusal_budget.IN_TOTAL
    assert f"{each} a minute of one kind, address and session; {all_} a minute in all" in text
    of_day, of_strangers = refusal_budget.IN_A_DAY, refusal_budget.OF_STRANGERS_IN_A_DAY
    assert f"{of_day:,} a day, {of_strangers:,} of them of those without a session" in text


# ASVS 14.1.1, 14.1.2, 15.1.1, 6.1.3
def test_what_has_to_be_written_down_is(text: str) -> None:
    for heading in (
        "## What is kept",
        "## Components",
        "## Cryptography",
        "## Reporting a hole",
        "The ways in, and nothing beside them",
        "| passwords of people | secret | nowhere |",
        "closed within 7 days, any other within 30",
    ):
        assert heading in text


def test_the_least_score_of_the_headers_is_the_tested_one(text: str) -> None:
    assert f"at least {LEAST_SCORE} of a possible" in text


def test_the_limits_of_slow_clients_are_those_of_the_server(text: str) -> None:
    server = (ROOT / "configs/gunicorn.py").read_text(encoding="utf-8")
    connections = int(server.partition("worker_connections = ")[2].partition("\n")[0])
    head, whole = server_limits.HEAD_SECONDS, server_limits.REQUEST_SECONDS
    each, all_ = (
        size // 1024**2 for size in (server_limits.UNREAD_BYTES, server_limits.ALL_UNREAD_BYTES)
    )
    assert f"the head of a request within {head} s and all of it within {whole} s" in text
    assert f"after {server_limits.ANSWER_SECONDS} s; of its answer {each} MiB is kept" in text
    assert f"of all answers {all_} MiB" in text
    assert f"| connections | {connections};" in text
    assert f"| requests waiting for a thread | {connections // 2}, then 503;" in text
