"""The file of permissions, changed while the portal runs: what it takes away ends at once."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.domain.access.permissions import Identity, Permission
from app.domain.changes.actions import Action
from app.domain.changes.change import ChangeState
from app.domain.groups.catalog import Catalog
from app.errors import ChangesFrozen, NoComputeGroups, NotAllowed, NotFound, PortalError
from app.files import stamp_of
from app.services.access import policy
from app.services.access.policy import Policy
from app.settings import load_catalog
from tests.support.events import RememberedAudit
from tests.unit.builders import (
    ALICE,
    BOB,
    CAMPAIGNS_ID,
    PRIMARY,
    PRIMARY_ID,
    REPORTING,
    REPORTING_ID,
)
from tests.unit.services.fakes import Clock
from tests.unit.services.world import World, confirmation

FILE = f"""
portal: {{title: Compute groups, time_zone: UTC, contact: the data team}}
warehouses:
  - key: analytics
    name: Analytics
    access:
      - {{users: [alice], permissions: [ALICE]}}
      - {{clickhouse_roles: [analytics_viewer], permissions: [viewer]}}
    groups:
      - {{service_id: {PRIMARY_ID}, name: {PRIMARY}}}
      - {{service_id: {REPORTING_ID}, name: {REPORTING}}}
"""
OWNER, VIEWER = FILE.replace("ALICE", "owner"), FILE.replace("ALICE", "viewer")
NOBODY = VIEWER.replace("[alice]", "[zoe]")
WITHOUT_PRIMARY = "".join(line for line in OWNER.splitlines(True) if PRIMARY_ID not in line)
FAULTY = OWNER.replace("[owner]", "[emperor]")


class Rules:
    """A file of permissions that tests rewrite."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reads = 0
        self.write(OWNER)
        self.policy = Policy(path, self._load, load_catalog(path), RememberedAudit())

    def write(self, text: str) -> None:
        """Replace the file, as an editor or a configuration tool does."""
        before = self.path.stat().st_mtime_ns if self.path.exists() else 0
        self.path.write_text(text, encoding="utf-8")
        # However coarse the file system's clock is, the next change has a later time.
        os.utime(self.path, ns=(before + 10**9, before + 10**9))

    def _load(self, path: Path) -> Catalog:
        self.reads += 1
        return load_catalog(path)


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """Alice is an owner, viewers may look."""
    return Rules(tmp_path / "org_config.yaml")


@pytest.fixture
def world(engine: Engine, clock: Clock, rules: Rules) -> World:
    """Everything wired over that file."""
    return World(engine, clock, rules.policy)


def confirm(world: World, reference: str) -> PortalError:
    """Confirm it in vain; nothing reaches Cloud."""
    with pytest.raises(PortalError) as caught:
        world.apply(reference, confirmation=confirmation())
    assert world.cloud.sent == []
    assert world.changes.get(reference).state is ChangeState.DRAFT
    return caught.value


def draft_size(world: World) -> str:
    """A draft of another size."""
    return world.draft()


def draft_stop(world: World) -> str:
    """A draft of a stop."""
    return world.draft_command(Action.STOP)


# ASVS 8.3.2, 7.4.3
@pytest.mark.parametrize("make_draft", [draft_size, draft_stop])
@pytest.mark.parametrize(
    ("text", "error", "status"),
    [(VIEWER, NotAllowed, 403), (NOBODY, NotFound, 404), (WITHOUT_PRIMARY, NotFound, 404)],
)
def test_a_permission_taken_out_while_a_draft_is_open_makes_its_confirmation_fail(
    world: World,
    rules: Rules,
    make_draft: Callable[[World], str],
    text: str,
    error: type[PortalError],
    status: int,
) -> None:
    reference = make_draft(world)
    rules.write(text)
    refusal = confirm(world, reference)
    assert isinstance(refusal, error)
    assert refusal.status == status
    rules.write(OWNER)
    assert world.apply(reference, confirmation=confirmation()).state is ChangeState.APPLIED


def test_a_permission_taken_out_during_the_very_confirmation_ends_it(
    world: World, rules: Rules
) -> None:
    reference = world.draft()
    world.cloud.while_reading = lambda: rules.write(VIEWER)
    assert isinstance(confirm(world, reference), NotAllowed)


def test_a_denial_added_to_one_group_counts_there_alone(world: World, rules: Rules) -> None:
    here, there = world.draft(), world.draft(service_id=REPORTING_ID)
    denial = "access: [{users: [alice], deny: [scale]}]"
    rules.write(OWNER.replace(f"name: {PRIMARY}}}", f"name: {PRIMARY}, {denial}}}"))
    assert isinstance(confirm(world, here), NotAllowed)
    assert world.apply(there).state is ChangeState.APPLIED


def test_sessions_that_are_open_lose_and_win_rights_with_the_file(
    world: World, rules: Rules
) -> None:
    token = world.sign_in_as(ALICE).token

    def groups() -> list[str]:
        session = world.sign_in.resume(token, is_activity=True)
        assert session is not None
        found = world.groups.list_groups(session.identity).by_warehouse
        return [group.name for _, listed in found for group in listed]

    assert groups() == [PRIMARY, REPORTING]
    rules.write(WITHOUT_PRIMARY)
    assert groups() == [REPORTING]
    rules.write(NOBODY)
    assert groups() == []
    with pytest.raises(NoComputeGroups):
        world.sign_in_as(ALICE)
    rules.write(OWNER)
    assert groups() == [PRIMARY, REPORTING]


def test_a_file_with_faults_closes_all_changes_and_looking_goes_on(
    world: World, rules: Rules
) -> None:
    reference, stop = world.draft(), world.draft_command(Action.STOP)
    rules.write(FAULTY)
    for draft in (reference, stop):
        refusal = confirm(world, draft)
        assert isinstance(refusal, ChangesFrozen)
        assert "file of groups and permissions has faults" in refusal.message
        assert "still view your groups" in refusal.remedy
    with pytest.raises(ChangesFrozen):
        world.draft()
    with pytest.raises(ChangesFrozen):
        world.draft_command(Action.STOP)
    # Under the last rules that could be read.
    for person in (ALICE, BOB):
        group, _ = world.groups.get_group(person, PRIMARY_ID, Permission.VIEW)
        assert group.name == PRIMARY
    assert any("emperor" in line or "permission" in line for line in rules.policy.faults)


def test_a_mended_file_opens_changes_again(world: World, rules: Rules) -> None:
    reference = world.draft()
    for text in (FAULTY, "", "{", FAULTY):
        rules.write(text)
        assert world.freeze.find_reason() is not None
    rules.write(OWNER)
    assert world.freeze.find_reason() is None
    assert rules.policy.faults == ()
    assert world.apply(reference).state is ChangeState.APPLIED


def test_a_file_that_is_gone_closes_changes_too(world: World, rules: Rules) -> None:
    reference = world.draft()
    rules.path.unlink()
    assert isinstance(confirm(world, reference), ChangesFrozen)
    rules.write(OWNER)
    assert world.apply(reference).state is ChangeState.APPLIED


def test_a_file_moved_into_place_is_seen_by_its_identity(rules: Rules, tmp_path: Path) -> None:
    # Same length and time of change, as a copy that keeps times can have.
    other = tmp_path / "other.yaml"
    other.write_text(OWNER.replace("[alice]", "[alicf]"), encoding="utf-8")
    status = rules.path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert rules.policy.catalog.groups_of(ALICE)
    other.replace(rules.path)
    assert rules.policy.catalog.groups_of(ALICE) == ()


@pytest.mark.parametrize(
    "text", ['portal: {title: !!bool "x"}', 'a: !!float ""', 'a: !!timestamp "x"', 'a: !!int "x"']
)
def test_a_file_that_nobody_understands_closes_changes_and_looking_goes_on(
    world: World, rules: Rules, text: str
) -> None:
    reference = world.draft()
    rules.write(text)
    assert isinstance(confirm(world, reference), ChangesFrozen)
    group, _ = world.groups.get_group(ALICE, PRIMARY_ID, Permission.VIEW)
    assert group.name == PRIMARY
    assert "cannot be understood" in rules.policy.faults[0]


def test_a_fault_of_the_reader_itself_is_a_fault_of_the_file(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(path: Path) -> Catalog:
        raise ZeroDivisionError

    monkeypatch.setattr(rules.policy, "_load", stumble)
    rules.write(FAULTY)
    assert "cannot be understood" in rules.policy.faults[0]
    assert rules.policy.catalog.groups_of(ALICE)


def test_a_pipe_in_the_place_of_the_file_keeps_nobody_waiting(rules: Rules) -> None:
    rules.path.unlink()
    os.mkfifo(rules.path)
    assert "is no ordinary file" in rules.policy.faults[0]
    assert rules.policy.catalog.groups_of(ALICE)


def test_the_file_is_read_once_for_each_change_of_it(rules: Rules) -> None:
    for _ in range(5):
        assert rules.policy.faults == ()
    assert rules.reads == 0
    rules.write(FAULTY)
    for _ in range(5):
        assert rules.policy.faults
    assert rules.reads == 1


def test_a_reading_that_failed_for_a_moment_is_tried_again(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    rules.write(VIEWER)
    with monkeypatch.context() as patched:
        patched.setattr(os, "open", fail)
        assert rules.policy.faults
        assert rules.policy.faults
        assert rules.reads == 1
    later = time.monotonic() + policy.RETRY_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert rules.policy.faults == ()
    assert rules.policy.faults == ()
    assert rules.reads == 2


def test_a_file_that_stays_away_is_told_once(
    rules: Rules, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(policy, "RETRY_SECONDS", 0.0)
    rules.path.unlink()
    assert all(rules.policy.faults for _ in range(5))
    assert rules.reads == 5
    assert len(caplog.records) == 1


def test_a_faulty_file_is_noticed_when_nobody_asks(rules: Rules) -> None:
    rules.write(FAULTY)
    rules.policy.follow()
    assert rules.reads == 1
    assert rules.policy.faults
    rules.policy.follow()
    assert rules.reads == 1


def test_a_file_added_to_the_folder_beside_it_counts_at_once(rules: Rules, tmp_path: Path) -> None:
    before = rules.policy.digest
    (tmp_path / "org_config.d").mkdir()
    part = tmp_path / "org_config.d/marketing.yaml"
    part.write_text(
        f"{{key: marketing, name: M, groups: [{{service_id: {CAMPAIGNS_ID}, name: Campaigns}}]}}"
    )
    keys = [item.key for item in rules.policy.catalog.warehouses]
    assert (keys, rules.policy.faults) == (["analytics", "marketing"], ())
    assert rules.policy.digest not in {before, ""}
    part.unlink()
    assert [item.key for item in rules.policy.catalog.warehouses] == ["analytics"]
    assert rules.policy.digest == before


def test_whom_to_ask_follows_the_file(world: World, rules: Rules) -> None:
    rules.write(FAULTY)
    assert "Ask the data team." in (world.freeze.find_reason() or "")
    rules.write(OWNER.replace("the data team", "Zoe"))
    assert world.freeze.contact == "Zoe"
    assert world.groups.presentation.title == "Compute groups"


def test_rules_by_tag_follow_what_cloud_shows(tmp_path: Path) -> None:
    path = tmp_path / "org_config.yaml"
    by_tag = (
        "by_tag: [{tag: Team=data, access: [{users: [zoe], permissions: [view]}]}]\n    groups:"
    )
    path.write_text(OWNER.replace("groups:", by_tag, 1), encoding="utf-8")
    shown: dict[str, dict[str, str]] = {}
    policy = Policy(path, load_catalog, load_catalog(path), RememberedAudit(), lambda: {**shown})
    zoe = Identity("analytics", "zoe", frozenset())
    assert policy.catalog.groups_of(zoe) == ()
    shown[PRIMARY_ID] = {"Team": "data"}
    assert [group.service_id for group in policy.catalog.groups_of(zoe)] == [PRIMARY_ID]
    assert policy.catalog is policy.catalog  # not made anew while Cloud shows the same
    shown[PRIMARY_ID] = {"Team": "sales"}
    assert policy.catalog.groups_of(zoe) == ()


def test_what_was_written_while_the_portal_started_counts(tmp_path: Path) -> None:
    path = tmp_path / "org_config.yaml"
    path.write_text(OWNER, encoding="utf-8")
    stamp, first = stamp_of(path), load_catalog(path)
    path.write_text(NOBODY, encoding="utf-8")
    started = Policy(path, load_catalog, first, RememberedAudit(), stamp=stamp)
    assert started.catalog.groups_of(ALICE) == ()
