"""Editions tell people apart by the rules in force, which go by tags and outlive a faulty file."""

from pathlib import Path

from sqlalchemy import Engine

from app.domain.access.permissions import Identity, Permission
from app.domain.groups.group import Particulars
from app.services.access.policy import Policy
from app.services.groups.editions import Editions
from app.settings import load_catalog
from tests.support.events import RememberedAudit
from tests.unit.builders import PRIMARY, PRIMARY_ID, REPORTING, REPORTING_ID, make_service
from tests.unit.readings import clocked_state
from tests.unit.services.fakes import Clock, FakeCloud
from tests.unit.services.tagged import tagged_world
from tests.unit.services.world import World

TAGGED = f"""
warehouses:
  - key: analytics
    name: Analytics
    access: [{{users: [alice, bob], permissions: [viewer]}}]
    by_tag:
      - tag: Confidential
        access: [{{users: [bob], deny: [viewer]}}]
    groups:
      - {{service_id: {PRIMARY_ID}, name: {PRIMARY}}}
      - {{service_id: {REPORTING_ID}, name: {REPORTING}}}
"""
ALICE, BOB = (Identity("analytics", name, frozenset()) for name in ("alice", "bob"))


def test_people_whom_a_new_tag_tells_apart_do_not_share_an_edition(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "org_config.yaml"
    path.write_text(TAGGED)
    cloud = FakeCloud([], make_service(), make_service(REPORTING_ID))
    world = tagged_world(engine, clock, path, cloud)
    snapshot = world.groups.snapshot
    snapshot.view(is_waiting=True)
    state = clocked_state(engine, clock)
    editions = Editions(world.policy, world.access, snapshot, state, clock)
    assert editions.of_groups(ALICE, "").mark == editions.of_groups(BOB, "").mark
    cloud.put(PRIMARY_ID, particulars=Particulars(tags=(("Confidential", ""),)))
    clock.advance(6)
    snapshot.view(is_waiting=True)
    assert world.access.has_permission(ALICE, PRIMARY_ID, Permission.VIEW)
    assert not world.access.has_permission(BOB, PRIMARY_ID, Permission.VIEW)
    assert editions.of_groups(ALICE, "").mark != editions.of_groups(BOB, "").mark


def test_people_are_told_apart_by_the_rules_in_force_while_the_file_cannot_be_read(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    path, alike = tmp_path / "org_config.yaml", TAGGED.replace("[bob], deny", "[zoe], deny")
    apart = alike.replace("users: [alice, bob]", "users: [alice, zoe]")
    own = "access: [{users: [bob], permissions: [viewer]}]"
    apart = apart.replace(f"name: {PRIMARY}", f"name: {PRIMARY}, {own}")
    path.write_text(alike)
    policy = Policy(path, load_catalog, load_catalog(path), RememberedAudit(), dict)
    world = World(engine, clock, policy)
    snapshot = world.groups.snapshot
    snapshot.view(is_waiting=True)
    editions = Editions(policy, world.access, snapshot, clocked_state(engine, clock), clock)
    for text in ("half: [", apart, "half: ["):
        path.write_text(text)
        same = editions.of_groups(ALICE, "").mark == editions.of_groups(BOB, "").mark
    assert not world.access.has_permission(BOB, REPORTING_ID, Permission.VIEW)
    assert world.access.has_permission(ALICE, REPORTING_ID, Permission.VIEW)
    assert not same
